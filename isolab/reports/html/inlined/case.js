// One case, opened: every engine side by side, the picture of what happened, and how to see it again.

function outcomeMark(outcome, label) {
  return element('span', { class: `outcome ${outcome}` }, label);
}

function section(title, ...children) {
  return element('section', {}, element('h3', {}, title), ...children);
}

// --- expectation, observation, standard --------------------------------------------------------------------------------

function observedIn(fact, engine) {
  const seen = fact.observed.filter(one => one.engine === engine);
  if (!seen.length) return element('td', { class: 'absent', 'data-of': engine }, 'not looked at');
  return element('td', { 'data-of': engine }, seen.map(one => element(
    'div', { class: `verdict ${one.good ? 'good' : 'bad'}` },
    element('code', {}, one.value), ' ', element('span', { class: 'word' }, one.verdict),
    one.as_standard === false && element('span', { class: 'word' }, ', not as the standard has it'),
    one.error && element('small', {}, one.error),
  )));
}

function standardCell(fact) {
  const told = fact.standard.filter(one => one.value !== null);
  if (!told.length) return element('td', { class: 'absent', 'data-of': 'the standard' }, 'says nothing');
  return element('td', { 'data-of': 'the standard' }, told.map(one => element('div', {}, element('code', {}, one.value))));
}

function factRows(fact, engines) {
  const reasons = [...new Set(fact.standard.map(one => one.reason).filter(Boolean))];
  return [
    element(
      'tr', {},
      element('th', { scope: 'row' }, fact.what, ' ', element('small', {}, `line ${fact.line}`)),
      element('td', { 'data-of': 'expected' }, element('code', {}, fact.expected)),
      standardCell(fact),
      engines.map(engine => observedIn(fact, engine)),
    ),
    reasons.length > 0 && element(
      'tr', { class: 'reason' },
      element('td', { colspan: String(3 + engines.length) }, element('b', {}, 'Why, by the standard: '), reasons.join('; ')),
    ),
  ];
}

function sideBySide(shown) {
  const engines = [...new Set(shown.runs.map(run => run.engine))];
  const versions = new Map(shown.runs.map(run => [run.engine, run.version]));
  if (!shown.facts.length) return null;
  const heads = ['expectation', 'expected', 'the standard'].map(text => element('th', { scope: 'col' }, text));
  const columns = engines.map(engine => element('th', { scope: 'col' }, engine, ' ', element('small', {}, versions.get(engine))));
  return section(
    'Engines side by side',
    element(
      'div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Engines side by side' },
      element(
        'table', { class: 'facts' },
        element('thead', {}, element('tr', {}, heads, columns)),
        element('tbody', {}, shown.facts.map(fact => factRows(fact, engines))),
      ),
    ),
  );
}

// --- one engine ----------------------------------------------------------------------------------------------------------

function cutBy(cut) {
  return element(
    'p', { class: 'cut' },
    element('b', {}, `✂ ${cut.window} was cut off`), ` by the ${cut.redirect ? 'redirect' : 'response'} ${cut.status} of `, address(cut.url), ', ',
    cut.header ? element('code', {}, cut.header) : 'which sends no such header', `: from ${cut.from} to ${cut.to}. `,
    cut.setters && element('span', {}, `Often set by ${cut.setters}.`),
  );
}

// What the dialog shows in places of their own.
const SHOWN_ELSEWHERE = new Set(['case', 'cut by', 'often set by', 'artifact']);

function complaint(message) {
  const notes = message.notes.filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  return element(
    'section', { class: 'complaint' },
    element('h4', {}, message.title),
    message.excerpt && element('pre', { tabindex: '0' }, message.excerpt),
    notes.length > 0 && element('dl', {}, notes.map(([name, text]) => [
      element('dt', {}, name), element('dd', { class: name === 'mend' && 'mend' }, text),
    ])),
  );
}

function knownDifference(difference) {
  const versions = difference.versions ? ` (versions ${difference.versions})` : '';
  return element(
    'p', { class: 'known' },
    element('b', {}, difference.gone ? 'A known difference is gone' : 'Known difference'), ` of ${difference.what}${versions}: ${difference.note} `,
    difference.bug.text ? linkTo(difference.bug) : 'No bug is known.',
  );
}

function since(change) {
  return element(
    'div', { class: 'since' },
    element('p', {}, element('b', {}, 'Since the baseline: '), change.outcomes),
    change.checks.length > 0 && element('ul', {}, change.checks.map(text => element('li', {}, text))),
  );
}

function kept(artifact) {
  const image = artifact.image && /^data:image\/png;base64,[\w+/=]+$/u.test(artifact.image) ? artifact.image : null;
  return element(
    'li', {},
    image && element('img', { src: image, alt: `screenshot ${artifact.name}`, loading: 'lazy' }),
    element('code', {}, artifact.name),
  );
}

function toldOf(run) {
  return [
    run.skipped && element('p', {}, `Skipped: ${run.skipped}`),
    run.change && since(run.change),
    run.messages.map(complaint),
    run.cuts.map(cutBy),
    run.differences.map(knownDifference),
    run.moments.length ? picture(run) : element('p', { class: 'absent' }, 'There is no record of what happened.'),
    run.artifacts.length > 0 && element('ul', { class: 'artifacts', 'aria-label': 'artifacts' }, run.artifacts.map(kept)),
  ];
}

const CALM = new Set(['passed', 'skipped', 'known-difference']);

function inEngine(run, open) {
  const box = element(
    'details', { class: `run ${run.outcome}` },
    element(
      'summary', {}, element('b', {}, `${run.engine} `), element('small', {}, run.version), ' ', outcomeMark(run.outcome, run.label), ' ',
      element('small', {}, [run.took, run.tried && `tried ${run.tried}`].filter(Boolean).join(', ')),
    ),
  );
  const draw = once(() => box.append(element('div', { class: 'inner' }, ...toldOf(run))));
  box.addEventListener('toggle', () => { if (box.open) draw(); });
  if (open) {
    draw();
    box.open = true;
  }
  return box;
}

// --- seeing it again -------------------------------------------------------------------------------------------------------

function sourceLines(shown) {
  const marks = new Map();
  for (const fact of shown.facts) {
    const good = fact.observed.every(one => one.good);
    marks.set(fact.line, good && marks.get(fact.line) !== 'bad' ? 'good' : 'bad');
  }
  return shown.source.replace(/\n$/u, '').split('\n').map((line, place) => element(
    'li', { class: marks.get(place + 1) || null }, element('code', {}, line || ' '),
    marks.get(place + 1) === 'bad' && element('span', { class: 'word' }, '✗ not as expected'),
  ));
}

function again(shown) {
  return section(
    'Reproduce this',
    element('div', { class: 'command' }, element('pre', { tabindex: '0' }, shown.command), copyButton('the command', shown.command)),
    shown.source !== null && element(
      'details', { class: 'source' },
      element('summary', {}, 'The scenario file ', element('code', {}, shown.scenario)),
      element('div', { class: 'inner' }, copyButton('the file', shown.source),
        element('ol', { tabindex: '0', 'aria-label': 'the scenario file, line by line' }, sourceLines(shown))),
    ),
    shown.links.length > 0 && element('ul', { class: 'links', 'aria-label': 'links of the scenario' }, shown.links.map(link => element('li', {}, linkTo(link)))),
  );
}

// --- the dialog ------------------------------------------------------------------------------------------------------------

function heading(shown) {
  return element(
    'header', {},
    element('h2', { id: 'case-title', tabindex: '-1' }, shown.title || shown.shown),
    element('p', { class: 'id' }, element('code', {}, shown.shown)),
    shown.tags.length > 0 && element('ul', { class: 'tags', 'aria-label': 'tags' }, shown.tags.map(tag => element('li', {}, tag))),
  );
}

const WEIGHT = ['error', 'failed', 'unexpected-pass', 'flaky', 'known-difference', 'passed', 'skipped'];

function caseView(shown) {
  const worst = Math.min(...shown.runs.map(run => WEIGHT.indexOf(run.outcome)));
  const alarming = shown.runs.some(run => !CALM.has(run.outcome));
  // The worst engine's picture is there at once; where all is well, the first one's.
  const open = (run, place) => (alarming ? WEIGHT.indexOf(run.outcome) === worst : place === 0);
  return [
    heading(shown),
    sideBySide(shown),
    section('What happened', shown.runs.map((run, place) => inEngine(run, open(run, place)))),
    again(shown),
  ];
}
