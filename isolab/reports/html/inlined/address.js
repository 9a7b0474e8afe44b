// What the page shows is in its address, after the #: a link to it shows the same.

function readAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  return {
    q: told.get('q') || '',
    outcomes: new Set(told.getAll('outcome')),
    engines: new Set(told.getAll('engine')),
    tag: told.get('tag') || '',
    changed: told.get('changed') === '1',
    open: told.get('case'),
    keys: told.get('keys') !== 'off',
  };
}

function written(state) {
  const told = new URLSearchParams();
  if (state.q) told.set('q', state.q);
  for (const outcome of state.outcomes) told.append('outcome', outcome);
  for (const engine of state.engines) told.append('engine', engine);
  if (state.tag) told.set('tag', state.tag);
  if (state.changed) told.set('changed', '1');
  if (state.open !== null) told.set('case', state.open);
  if (!state.keys) told.set('keys', 'off');
  return `#${told}`;
}

// With `step` the way back leads to what was shown before.
function writeAddress(state, { step = false } = {}) {
  const address = written(state);
  if (address === location.hash || (address === '#' && !location.hash)) return;
  try {
    history[step ? 'pushState' : 'replaceState'](null, '', address);
  } catch {
    // Within a frame without an origin of its own nothing may be written there: then the address does not follow.
  }
}
