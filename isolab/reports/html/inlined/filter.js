// The filter over the cases: by text, outcome, engine, tag, and what changed. It hides rows that are there already.

const FEW_ROWS = 300;

function choices(name, values, label) {
  return values.map(value => element(
    'label', { class: 'choice' }, element('input', { type: 'checkbox', name, value }), ' ', label(value),
  ));
}

class Filter {
  constructor(form, onChange) {
    const { cases, tags, engines, outcomes, compared } = index();
    this.form = form;
    this.rows = [...document.querySelectorAll('#cases tbody tr')];
    this.groups = [...document.querySelectorAll('#cases details.scenario')];
    this.calm = new Map(this.groups.map(group => [group, !group.open]));
    const met = new Set(cases.flatMap(one => one[3]));
    this.texts = cases.map(([id, title, numbers]) => [id, title, ...numbers.map(n => tags[n])].join('\n').toLowerCase());
    document.getElementById('outcomes').append(...choices(
      'outcome', outcomes.filter((_, place) => met.has(place)), value => outcomeMark(value, value.replace('-', ' ')),
    ));
    document.getElementById('engines').append(...choices('engine', engines, value => value));
    document.getElementById('tag').append(...tags.toSorted().map(tag => element('option', {}, tag)));
    document.getElementById('changed-only').hidden = !compared;
    form.hidden = false;
    form.addEventListener('input', onChange);
    form.addEventListener('submit', event => event.preventDefault());
  }

  // What the form says, into the state.
  read(state) {
    const told = new FormData(this.form);
    return {
      ...state,
      q: told.get('q').trim(),
      outcomes: new Set(told.getAll('outcome')),
      engines: new Set(told.getAll('engine')),
      tag: told.get('tag'),
      changed: told.get('changed') === '1',
    };
  }

  // What an address asks for and this report has none of is a choice as well: it hides cases, so it has to be seen.
  offer(state) {
    for (const [name, wanted] of [['outcome', state.outcomes], ['engine', state.engines]]) {
      const there = new Set([...this.form.querySelectorAll(`[name=${name}]`)].map(box => box.value));
      const missing = [...wanted].filter(value => !there.has(value));
      document.getElementById(`${name}s`).append(...choices(name, missing, value => `${value} (none here)`));
    }
    const { tag } = this.form.elements;
    if (state.tag && ![...tag.options].some(option => option.value === state.tag)) {
      tag.append(element('option', { value: state.tag }, `${state.tag} (none here)`));
    }
  }

  // What the state says, into the form.
  write(state) {
    const { elements } = this.form;
    this.offer(state);
    if (elements.q.value.trim() !== state.q) elements.q.value = state.q;
    for (const box of this.form.querySelectorAll('[name=outcome]')) box.checked = state.outcomes.has(box.value);
    for (const box of this.form.querySelectorAll('[name=engine]')) box.checked = state.engines.has(box.value);
    elements.tag.value = state.tag;
    elements.changed.checked = state.changed;
  }

  matching(state) {
    const { cases, tags, engines, outcomes } = index();
    const wanted = new Set([...state.outcomes].map(outcome => outcomes.indexOf(outcome)));
    const columns = engines.map((_, place) => place).filter(place => !state.engines.size || state.engines.has(engines[place]));
    const words = state.q.toLowerCase().split(/\s+/u).filter(Boolean);
    return ([, , numbers, cells, changed], place) => (
      words.every(word => this.texts[place].includes(word))
      && (!state.tag || numbers.some(number => tags[number] === state.tag))
      && (!state.changed || changed === 1)
      && columns.some(column => (wanted.size ? wanted.has(cells[column]) : !state.engines.size || cells[column] >= 0))
    );
  }

  apply(state) {
    const { cases, engines } = index();
    const narrowed = Boolean(state.q || state.outcomes.size || state.engines.size || state.tag || state.changed);
    const matches = narrowed ? cases.map(this.matching(state)) : cases.map(() => true);
    this.shown = matches.filter(Boolean).length;
    matches.forEach((match, place) => {
      if (this.rows[place].hidden === match) this.rows[place].hidden = !match;
    });
    engines.forEach((engine, place) => {
      const away = state.engines.size > 0 && !state.engines.has(engine);
      document.getElementById('cases').classList.toggle(`without-${place + 1}`, away);
    });
    this.fold(narrowed);
    document.getElementById('shown').textContent = narrowed
      ? `${this.shown} of ${cases.length} cases shown` : `${cases.length} cases`;
  }

  fold(narrowed) {
    for (const group of this.groups) {
      const left = group.querySelector('tbody tr:not([hidden])') !== null;
      if (group.hidden === left) group.hidden = !left;
      if (narrowed && this.shown <= FEW_ROWS) group.open = true;
      else if (!narrowed && this.narrowed) group.open = !this.calm.get(group);
    }
    for (const folder of document.querySelectorAll('#cases .folder')) {
      folder.hidden = folder.querySelector('details.scenario:not([hidden])') === null;
    }
    this.narrowed = narrowed;
  }

  // The case before or after one, among those that are shown.
  neighbour(place, step) {
    for (let next = place + step; next >= 0 && next < this.rows.length; next += step) {
      if (!this.rows[next].hidden) return next;
    }
    return -1;
  }
}
