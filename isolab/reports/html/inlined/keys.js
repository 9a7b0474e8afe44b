// Single keys as shortcuts. They can be turned off (WCAG 2.2, 2.1.4), and never act while something is typed.

function typing(target) {
  return target.matches('input:not([type=checkbox]), select, textarea');
}

// Scenarios and cases that can be seen, in the order of the page.
function stops() {
  const all = document.querySelectorAll('#cases details.scenario:not([hidden]) > summary, #cases tr:not([hidden]) a');
  return [...all].filter(one => one.checkVisibility());
}

function walk(step) {
  const all = stops();
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? all[step > 0 ? 0 : all.length - 1] : all[here + step];
  next?.focus();
}

// From the text of the filter to what it has left.
function leaveText(leave) {
  document.getElementById('text').addEventListener('keydown', event => {
    if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return;
    // Some browsers would empty the field.
    event.preventDefault();
    leave();
  });
}

function listenToKeys({ enabled, dialog, help, move, copy }) {
  document.addEventListener('keydown', event => {
    if (!enabled() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const open = dialog.open;
    const acts = {
      '/': () => { if (!open) document.getElementById('text').focus(); },
      j: () => (open ? move(1) : walk(1)),
      k: () => (open ? move(-1) : walk(-1)),
      c: () => { if (open) copy(); },
      '?': () => { if (!help.open) help.showModal(); },
    };
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : null;
    if (!act || (help.open && event.key !== '?')) return;
    event.preventDefault();
    act();
  });
}
