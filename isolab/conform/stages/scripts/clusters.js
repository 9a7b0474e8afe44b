// Who is within whose reach: documents tell the top-level page what they got of others.

function toTop(facts) {
  if (top === self) sayAll(facts);
  else top.postMessage({ facts }, '*');
}

function tellWhatIsHeard() {
  self.addEventListener('message', ({ data }) => data && data.facts && sayAll(data.facts));
}

// A document of another cluster throws, or is not there.
function access(get) {
  try {
    return typeof get();
  } catch (error) {
    return error.name;
  }
}

// --- a frame and the document around it -------------------------------------------------------------------------------

function within(name) {
  const outwards = access(() => parent.document);
  self.addEventListener('message', ({ data, source }) => {
    if (data === 'outwards') source.postMessage({ outwards }, '*');
  });
  home(line => {
    hear(line.target, { ...line, post: message => parent.postMessage(message, '*') });
    parent.postMessage({ ready: name }, '*');
  });
}

async function around(name) {
  const cargo = await result({ to: [['window', name]], what: 'module' });
  const frame = document.querySelector('iframe');
  const answer = heard(self, 'outwards');
  frame.contentWindow.postMessage('outwards', '*');
  const { outwards } = await answer;
  const inwards = access(() => frame.contentWindow.document);
  toTop({
    contentDocument: frame.contentDocument ? 'document' : 'none',
    access: inwards,
    cross_access: inwards === outwards ? inwards : `${inwards} inwards, ${outwards} outwards`,
    same_agent_cluster: cargo === 'message' && inwards === 'object',
    crossOriginIsolated,
  });
}

// --- local documents --------------------------------------------------------------------------------------------------

async function fetchedBy(global, url) {
  try {
    await global.fetch(url, { mode: 'no-cors', cache: 'no-store' });
    return 'loaded';
  } catch {
    return 'blocked';
  }
}

// Whether a frame with a document of the page's own making is in reach, and blocks what the page blocks.
async function local(attribute, urls) {
  const frame = document.createElement('iframe');
  if (attribute) frame.setAttribute(attribute, '<p>local</p>');
  const there = new Promise(resolve => { frame.addEventListener('load', resolve, { once: true }); });
  document.documentElement.append(frame);
  await there;
  const global = frame.contentWindow;
  const accessible = access(() => global.document) === 'object';
  const [own, its, control] = [
    await fetchedBy(self, urls.bare), accessible && await fetchedBy(global, urls.bare), await fetchedBy(self, urls.free),
  ];
  toTop({ accessible, inherits: control === 'loaded' ? own === its : 'control failed' });
}

// --- javascript: URLs -------------------------------------------------------------------------------------------------

const ROUNDS = 3;

async function runs(frame, word) {
  const ran = heard(self, word);
  frame.location = `javascript:void top.postMessage({ '${word}': true }, '*')`;
  return ran;
}

// It did not run where others, in a frame of the page's own cluster, did after it, several times. Chromium may put another
// document into the frame, so nothing is asked of it.
async function javascript() {
  const { frame, control } = await windows(['frame', 'control']);
  let ran = false;
  runs(frame.source, 'ran').then(() => { ran = true; });
  for (let round = 0; round < ROUNDS; round += 1) {
    await runs(control.source, `control-${round}`);
    await isolab.requests('page');
  }
  toTop({ runs: ran });
}

// --- images -----------------------------------------------------------------------------------------------------------

function image(url) {
  return new Promise(resolve => {
    const made = new Image();
    made.onload = () => resolve('loaded');
    made.onerror = () => resolve('blocked');
    made.src = url;
  });
}

async function images(prefix, urls) {
  const facts = {};
  for (const [key, bare, free] of urls) {
    const found = await image(bare);
    facts[`${prefix}${key}`] = (await image(free)) === 'loaded' ? found : 'control failed';
  }
  toTop(facts);
}

function showLocally(html) {
  const frame = document.createElement('iframe');
  frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  document.documentElement.append(frame);
}
