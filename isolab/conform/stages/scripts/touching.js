// Windows that open one another at a click, and touch one another at a second one.

function opening(button, name, url) {
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById(button).addEventListener('click', () => { self[name] = self.open(url); });
  });
}

const CALLS = { blur: [], close: [], focus: [], postMessage: ['touched', '*'] };
const TOUCHES = 20;
const KEYS = { indexed: 0, named: 'isolab' };

function touch(other, { name, sets, url }) {
  if (sets) other[name] = name === 'location' ? `${url}#touched` : '';
  else if (name in CALLS) other[name](...CALLS[name]);
  else void other[KEYS[name] ?? name];
}

// What it throws is no matter: it is reported all the same.
function tryToTouch(other, options) {
  try {
    touch(other, options);
  } catch (error) {
    isolab.say('threw', error.name);
  }
}

// `other` finds the window: the opened one, or by way of the opener.
function touching(other, options) {
  new ReportingObserver(([report]) => isolab.say('observed', report.type), { types: ['coop-access-violation'] }).observe();
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('touch').addEventListener('click', async () => {
      // A page is told by messages between processes that accesses are to be reported: until then none is.
      for (let left = TOUCHES; left > 0; left -= 1) {
        await isolab.requests('accessed');
        if (left === 1 || options.name !== 'close') tryToTouch(other(), options);
      }
      isolab.say('touched');
    });
  });
}
