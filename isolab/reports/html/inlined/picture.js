// What happened in one case in one engine: windows as lanes, time downwards, a row for each moment.

const LONG_MS = 500;

function laneNames(moments) {
  const names = new Set();
  for (const moment of moments) {
    if (moment.kind === 'opened' || moment.kind === 'switch') names.add(moment.from);
    names.add(moment.window);
  }
  // What belongs to no window that anyone knows of stands at the edge.
  return [...[...names].filter(name => name), ...(names.has('') ? [''] : [])];
}

function laneTitle(name) {
  return name || 'elsewhere';
}

function spoken(ms) {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function span(made, from, to) {
  made.style.setProperty('--from', from);
  made.style.setProperty('--to', to);
  return made;
}

// Which windows there are while a moment lasts, and in which browsing context group.
class Lanes {
  constructor(moments) {
    this.names = laneNames(moments);
    this.states = new Map(this.names.map(name => [name, { there: false, ended: false, group: 1 }]));
    this.groups = 1;
  }

  place(name) {
    return this.names.indexOf(name);
  }

  enter({ kind, window, severed }) {
    const state = this.states.get(window);
    // What a page has told last may arrive when its window is gone.
    if (!state.ended) state.there = true;
    if (kind === 'switch' && severed !== false) {
      this.groups += 1;
      state.group = this.groups;
    }
  }

  leave({ kind, window }) {
    const state = this.states.get(window);
    if (kind === 'closed') {
      state.there = false;
      state.ended = true;
    }
  }

  lines() {
    return this.names.filter(name => name).map(name => {
      const { there, group } = this.states.get(name);
      const kind = there ? `line group-${Math.min(group, 3)}` : 'line none';
      return span(element('i', { class: kind, 'aria-hidden': 'true' }), 2 * this.place(name), 2 * this.place(name) + 2);
    });
  }

  card(moment, kind, ...children) {
    const place = this.place(moment.window);
    const where = [laneTitle(moment.window), moment.frame].filter(Boolean).join(' › ');
    const made = element('div', { class: `card ${kind}` }, element('span', { class: 'where' }, `${where} `), ...children);
    return span(made, 2 * place, 2 * place + 2);
  }

  // From the middle of one lane to the middle of another; to its own, a short one.
  arrow(from, to, kind, ...label) {
    const [a, b] = [2 * this.place(from) + 1, 2 * this.place(to) + 1];
    const turned = b < a ? 'leftwards' : 'rightwards';
    const line = element('i', { class: `arrow ${kind} ${turned}`, 'aria-hidden': 'true' });
    const [first, last] = a === b ? [a, a + 1] : [Math.min(a, b), Math.max(a, b)];
    return [
      span(element('div', { class: `label ${kind}` }, ...label), first, last),
      span(line, first, last),
    ];
  }
}

function headerLine(line, cutting) {
  const colon = line.indexOf(':');
  return element(
    'li', { class: cutting ? 'cutting' : null },
    element('b', {}, line.slice(0, colon + 1)), line.slice(colon + 1),
    cutting && element('span', { class: 'scissors' }, ' ✂ cuts the link'),
  );
}

function address(url) {
  const parts = /^(\w+:\/\/)([^/?#]*)(.*)$/su.exec(url);
  if (!parts) return element('span', { class: 'address' }, url);
  return element('span', { class: 'address' }, parts[1], element('b', {}, parts[2]), parts[3]);
}

function response(lanes, moment, next) {
  const cutting = next && next.kind === 'switch' && next.window === moment.window ? next.header : '';
  const plain = !moment.weighty.length && moment.frame;
  return lanes.card(
    moment, `response${plain ? ' plain' : ''}${cutting ? ' cuts' : ''}`,
    element('p', {}, element('b', { class: 'status' }, String(moment.status)), ` ${moment.method || ''} `, address(moment.url)),
    moment.weighty.length > 0
      && element('ul', { class: 'headers' }, moment.weighty.map(line => headerLine(line, line === cutting))),
    moment.others.length > 0 && element(
      'details', {}, element('summary', {}, `${moment.others.length} other header${moment.others.length > 1 ? 's' : ''}`),
      element('ul', { class: 'headers' }, moment.others.map(line => headerLine(line, false))),
    ),
  );
}

function loaded(lanes, moment) {
  return lanes.card(
    moment, 'loaded', 'page runs: ',
    'isolated' in moment && element('span', { class: 'fact' }, moment.isolated ? 'isolated' : 'not isolated'), ' ',
    'opener' in moment && element(
      'span', { class: moment.opener ? 'fact' : 'fact without' }, moment.opener ? 'has an opener' : 'opener is null',
    ),
  );
}

const SWITCHED = {
  true: 'Browsing context group switch: the link is cut',
  false: 'By the standard the browsing context group switches here; this engine has kept the link',
  null: 'By the standard the browsing context group switches here; the page did not say what became of the link',
};

function groupSwitch(lanes, moment) {
  const [a, b] = [2 * lanes.place(moment.from), 2 * lanes.place(moment.window)];
  return span(
    element(
      'div', { class: `switch ${moment.severed === true ? 'severed' : 'unsure'}` },
      element('p', {}, element('b', {}, `✂ ${SWITCHED[String(moment.severed)]}`), ` between ${moment.from} and ${moment.window}`),
      element(
        'p', {}, `response ${moment.status} of `, address(moment.url), ', ',
        moment.header ? element('code', {}, moment.header) : 'without the header',
        `: from ${moment.from_policy} to ${moment.to_policy}`,
      ),
    ),
    Math.min(a, b), Math.max(a, b) + 2,
  );
}

function message(lanes, moment) {
  const text = moment.text === 'greeting' ? 'greeting of isolab' : element('code', {}, moment.text);
  const from = lanes.place(moment.from) < 0 ? moment.window : moment.from;
  const end = moment.heard ? ['heard by ', laneTitle(moment.window)] : [element('b', {}, '✗ lost'), ': it has no opener to post to'];
  return lanes.arrow(
    from, moment.window, moment.heard ? 'heard' : 'lost', `${laneTitle(moment.from)} posts `, text, ', ', ...end,
  );
}

const DRAWN = {
  step: (lanes, moment) => lanes.card(moment, 'step', element('b', {}, moment.text), ` line ${moment.line}`),
  opened: (lanes, moment) => lanes.arrow(
    moment.from, moment.window, 'opens', `${moment.from} opens `, element('b', {}, moment.window), ` by ${moment.by}`,
  ),
  response,
  loaded,
  switch: groupSwitch,
  message,
  said: (lanes, moment) => lanes.card(moment, 'said', 'says ', element('b', {}, moment.name), ' ', element('code', {}, moment.text)),
  embedded: (lanes, moment) => lanes.card(
    moment, `embedded ${moment.state === 'loaded' ? '' : 'not'}`,
    element('b', {}, moment.name), ` ${moment.state === 'loaded' ? '✓' : '✗'} ${moment.state}`, moment.text ? `: ${moment.text}` : '',
  ),
  'reads-closed': (lanes, moment) => lanes.card(moment, 'reads-closed', 'its handle of ', element('b', {}, moment.from), ' reads closed'),
  error: (lanes, moment) => lanes.card(moment, 'error', '✗ script failed: ', element('code', {}, moment.text)),
  closed: (lanes, moment) => lanes.card(moment, 'closed', `closed by ${moment.by === 'self' ? 'its own page' : moment.by}`),
};

function row(lanes, moments, times, place) {
  const moment = moments[place];
  const drawn = DRAWN[moment.kind];
  if (!drawn) return null;
  lanes.enter(moment);
  const at = element('span', { class: 'at' }, `${spoken(times[place])} `);
  const made = element('li', { class: `moment kind-${moment.kind}` }, at, lanes.lines(), drawn(lanes, moment, moments[place + 1]));
  lanes.leave(moment);
  return made;
}

function pause(lanes, ms) {
  return element('li', { class: 'moment pause' }, lanes.lines(), element('span', { class: 'later' }, `${spoken(ms)} later`));
}

function picture(run) {
  const { moments } = run;
  const times = run.times.split(' ').map(Number);
  const lanes = new Lanes(moments);
  const titles = lanes.names.map((name, place) => span(element('span', {}, laneTitle(name)), 2 * place, 2 * place + 2));
  const rows = moments.flatMap((_, place) => {
    const waited = place ? times[place] - times[place - 1] : 0;
    return [waited >= LONG_MS && pause(lanes, waited), row(lanes, moments, times, place)];
  });
  const made = element(
    'div', { class: 'picture' },
    element('div', { class: 'lanes', 'aria-hidden': 'true' }, titles),
    element('ol', { 'aria-label': `what happened in ${run.engine}, in time` }, rows),
  );
  made.style.setProperty('--columns', 2 * lanes.names.length);
  return made;
}
