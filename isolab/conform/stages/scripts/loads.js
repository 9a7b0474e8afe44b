// A resource that is loaded in each of the ways that pages have, beside a control that no policy blocks.

function element(tag, source, { url, attributes }) {
  return new Promise((resolve, reject) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (tag === 'link') made.rel = 'stylesheet';
    made.addEventListener('load', () => resolve({}));
    made.addEventListener('error', () => reject(new Error('error event')));
    made[source] = url;
    document.documentElement.append(made);
  });
}

const loads = {
  fetch: async ({ url, attributes }, global) => ({ type: (await global.fetch(url, attributes)).type }),
  image: load => element('img', 'src', load),
  script: load => element('script', 'src', load),
  style: load => element('link', 'href', load),
  iframe: load => element('iframe', 'src', load),
};

async function attempt(load, url, global = self) {
  try {
    return { blocked: false, ...await loads[load.kind]({ url, attributes: load.attributes ?? {} }, global) };
  } catch (error) {
    return { blocked: true, error: error.name };
  }
}

// What is blocked counts only where the same load of what nothing blocks succeeds.
async function judged(load, global) {
  const found = await attempt(load, load.resource, global);
  if (!found.blocked || !(await attempt(load, load.control, global)).blocked) return found;
  return { ...found, blocked: 'control failed' };
}

function sayEach(found) {
  for (const [key, value] of Object.entries(found)) isolab.say(key, value);
}

// --- from where it is loaded ------------------------------------------------------------------------------------------

async function tellOwn(load) {
  sayEach(await judged(load));
}

async function tellOnce(load) {
  isolab.say('loaded', !(await attempt(load, load.resource)).blocked);
}

async function tellCached(load) {
  const found = await judged(load);
  const asked = await isolab.requests('resource');
  sayEach(asked.length === 1 ? found : { blocked: 'not from the cache' });
}

async function tellBlankPopup(load) {
  const popup = self.open();
  sayEach(await judged(load, popup));
  popup.close();
}

function tellInside() {
  self.addEventListener('message', ({ data }) => {
    if (data && typeof data === 'object' && 'blocked' in data) sayEach(data);
  });
}

function showData() {
  tellInside();
  const frame = document.createElement('iframe');
  frame.src = `data:text/html,${encodeURIComponent(isolab.with.inner)}`;
  document.documentElement.append(frame);
}

async function tellOutside(load) {
  parent.postMessage(await judged(load), '*');
}

// --- cookies ----------------------------------------------------------------------------------------------------------

// The page has set it in a window of its own; a request shows that the browser sends it from here, too.
async function hasCookie(page) {
  await fetch(isolab.urls[page], { credentials: 'include', cache: 'no-store' });
  return 'cookie' in (await isolab.requests(page)).at(-1).headers;
}

async function tellCookie(load) {
  for (const page of load.jars) {
    if (!await hasCookie(page)) return isolab.say('cookie', 'control failed');
  }
  const before = (await isolab.requests('resource')).length;
  await attempt(load, load.resource);
  const asked = await isolab.requests('resource');
  return isolab.say('cookie', asked.length > before ? 'cookie' in asked.at(-1).headers : 'never asked for');
}

// --- a service worker that serves the page with its policy ---------------------------------------------------------------

async function withHeaders(url, sent) {
  const response = await fetch(url);
  const headers = new Headers(response.headers);
  for (const [name, value] of sent) headers.set(name, value);
  return new Response(response.body, { headers });
}

// The control comes first: at the first request that a page has its worker pass on, Chromium 156 now and then does not know
// the page's policy yet, and lets through what has no CORP (4 of 60 flights with six windows at once; with this 0 of 120).
async function tellServed(load) {
  await attempt(load, load.control);
  return tellOwn(load);
}

function servePage({ headers, passes }) {
  self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
  self.addEventListener('fetch', event => {
    const { mode, url } = event.request;
    if (mode === 'navigate') event.respondWith(withHeaders(url, headers ?? []));
    else if (passes && !url.includes('/.isolab/')) event.respondWith(fetch(event.request));
  });
}

// One page only: the others of its host come from the server.
function serveAt({ path }) {
  self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
  self.addEventListener('fetch', event => {
    if (new URL(event.request.url).pathname === path) event.respondWith(withHeaders(event.request.url, []));
  });
}

async function beServed() {
  const { installing, waiting, active } = await navigator.serviceWorker.register(isolab.urls.worker);
  const worker = installing || waiting || active;
  const look = () => { if (worker.state === 'activated') isolab.say('served'); };
  worker.addEventListener('statechange', look);
  look();
}
