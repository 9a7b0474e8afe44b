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

// `emptyBefore`: the frame is there before it is told what to show.
function embed(url, attributes, emptyBefore) {
  const frame = document.createElement('iframe');
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  if (emptyBefore) document.body.append(frame);
  frame.src = url;
  if (!emptyBefore) document.body.append(frame);
}

// What is still mute when two that all may embed have spoken, one after the other, is blocked.
async function tellLoads({ attributes = {}, frame, control, emptyBefore }) {
  let loads = false;
  heardFrom('it').then(() => { loads = true; });
  embed(frame, attributes, emptyBefore);
  for (let spoken = 0; spoken < 2; spoken += 1) {
    const heard = heardFrom('control');
    embed(control, attributes);
    await heard;
  }
  isolab.say('loads', loads);
}

function tellWhetherItLoads(load) {
  document.addEventListener('DOMContentLoaded', () => tellLoads(load));
}
