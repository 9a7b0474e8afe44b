// Frames that tell the page around them all what they are; it says so for them.

function sayForFrames() {
  self.addEventListener('message', ({ data }) => {
    if (!data || !data.told) return;
    for (const [key, value] of Object.entries(data.told)) isolab.say(key, value);
  });
}

function tell(told) {
  top.postMessage({ told }, '*');
}

function tellFrame() {
  document.addEventListener('DOMContentLoaded', () => tell({ element: document.querySelector('iframe').credentialless === true }));
}

function tellWindow() {
  tell({ window: self.credentialless === true });
}

// The page has visited the host, whose cookie it sends: does the frame, too?
async function tellCookie() {
  await fetch(isolab.urls.jar, { credentials: 'include', cache: 'no-store' });
  const control = (await isolab.requests('jar')).at(-1).headers;
  const frame = (await isolab.requests('it')).at(-1).headers;
  isolab.say('cookie', 'cookie' in control ? 'cookie' in frame : 'control failed');
}

function tellCookieOfFrame() {
  self.addEventListener('message', ({ data }) => {
    if (data && data.told && 'window' in data.told) tellCookie();
  });
}

// --- whether a frame loads ------------------------------------------------------------------------------------------

function speak(name) {
  top.postMessage({ speaks: name }, '*');
}

function heardFrom(name) {
  return new Promise(resolve => {
    self.addEventListener('message', ({ data }) => {
      if (data && data.speaks === name) resolve();
    });
  });
}

// `emptyBefore`: the frame is there before it is told what to show. Gives a function: whether it has fired `load` since.
function embed(url, attributes, emptyBefore) {
  const frame = document.createElement('iframe');
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  if (emptyBefore) document.body.append(frame);
  let fired = false;
  frame.addEventListener('load', () => { fired = true; });
  frame.src = url;
  if (!emptyBefore) document.body.append(frame);
  return () => fired;
}

// While a driver is attached, Chromium loses one of some hundred frames: it neither runs nor fires `load`, which blocked
// ones do there. So such a one is sent again.
const ALWAYS_FIRES = /Chrom(e|ium)\//.test(navigator.userAgent);
const LOST_MS = 2000;

async function hearControl(url, attributes) {
  const heard = heardFrom('control').then(() => true);
  do embed(url, attributes);
  while (!await Promise.race([heard, new Promise(resolve => setTimeout(resolve, LOST_MS))]));
}

// What is still mute when two that all may embed have spoken, one after the other, is blocked.
async function tellLoads({ attributes = {}, frame, control, emptyBefore }) {
  let loads = false;
  let fired;
  heardFrom('it').then(() => { loads = true; });
  do {
    fired = embed(frame, attributes, emptyBefore);
    await hearControl(control, attributes);
    await hearControl(control, attributes);
  } while (ALWAYS_FIRES && !loads && !fired());
  isolab.say('loads', loads);
}

function tellWhetherItLoads(load) {
  document.addEventListener('DOMContentLoaded', () => tellLoads(load));
}
