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
