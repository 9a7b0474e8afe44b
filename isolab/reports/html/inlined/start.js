// The page comes to life: what the address says is shown, and what is shown goes into the address.

const dialog = document.getElementById('case');
const help = document.getElementById('help');
let state = readAddress();
let place = -1;

const filter = new Filter(document.getElementById('filter'), () => {
  state = filter.read(state);
  writeAddress(state);
  filter.apply(state);
});

const places = once(() => new Map(index().cases.map(([id], number) => [id, number])));

function toolbar() {
  const step = (text, by) => button(text, { disabled: filter.neighbour(place, by) < 0 }, () => move(by));
  return element(
    'div', { class: 'toolbar' },
    step('‹ Previous', -1), step('Next ›', 1), button('Close', { class: 'close' }, () => dialog.close()),
  );
}

function showCase() {
  place = places().get(state.open) ?? -1;
  const missing = document.getElementById('missing');
  missing.textContent = state.open !== null && place < 0 ? `This report has no case ${state.open}` : '';
  if (state.open === null || place < 0) {
    if (dialog.open) dialog.close();
    return;
  }
  const shown = caseAt(place);
  dialog.replaceChildren(toolbar(), ...caseView(shown).filter(Boolean));
  document.title = `isolab: ${shown.shown}`;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  document.getElementById('case-title').focus();
}

function openCase(id, step) {
  state = { ...state, open: id };
  writeAddress(state, { step });
  showCase();
}

function move(by) {
  const next = filter.neighbour(place, by);
  if (next >= 0) openCase(index().cases[next][0], false);
}

const title = document.title;
dialog.addEventListener('close', () => {
  const row = filter.rows[place];
  state = { ...state, open: null };
  writeAddress(state);
  document.title = title;
  dialog.replaceChildren();
  if (row) {
    row.closest('details').open = true;
    row.querySelector('a').focus();
  }
});
for (const one of [dialog, help]) {
  one.addEventListener('click', event => { if (event.target === one) one.close(); });
}
help.querySelector('.close').addEventListener('click', () => help.close());

// A link to a case keeps the filter, and so does a click anywhere in its row.
document.addEventListener('click', event => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest('a[href^="#"]') || event.target.closest('#cases tbody tr')?.querySelector('a');
  const told = link && new URLSearchParams(link.getAttribute('href').slice(1)).get('case');
  if (told === null || told === undefined || (event.target.closest('tr') && getSelection().type === 'Range')) return;
  event.preventDefault();
  openCase(told, true);
});
function goToCases() {
  document.getElementById('cases').focus();
  document.getElementById('cases').scrollIntoView();
}
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  goToCases();
});
for (const link of document.querySelectorAll('a[href^="#outcome="]')) {
  link.addEventListener('click', () => {
    if (link.hash === location.hash) goToCases();
    else addEventListener('hashchange', goToCases, { once: true });
  });
}

function follow() {
  state = readAddress();
  document.getElementById('keys').checked = state.keys;
  filter.write(state);
  filter.apply(state);
  showCase();
}

document.getElementById('clear').addEventListener('click', () => {
  state = { ...state, q: '', outcomes: new Set(), engines: new Set(), tag: '', changed: false };
  writeAddress(state);
  filter.write(state);
  filter.apply(state);
});
document.getElementById('unfold').addEventListener('click', ({ currentTarget }) => {
  const open = currentTarget.textContent === 'Unfold all';
  for (const group of filter.groups) group.open = open;
  currentTarget.textContent = open ? 'Fold all' : 'Unfold all';
});
document.getElementById('help-open').addEventListener('click', () => help.showModal());
document.getElementById('keys').addEventListener('change', ({ currentTarget }) => {
  state = { ...state, keys: currentTarget.checked };
  writeAddress(state);
});
leaveText(goToCases);
listenToKeys({
  enabled: () => state.keys,
  dialog,
  help,
  move,
  copy: () => dialog.querySelector('.command .copy').click(),
});
addEventListener('hashchange', follow);
follow();
