// A worker that is asked to fetch, the documents that make it, and the page around them that tells what came of it.

// --- the worker -------------------------------------------------------------------------------------------------------

let owners = 0;

async function fetched(url, credentials) {
  try {
    await fetch(url, { mode: 'no-cors', cache: 'no-store', credentials });
    return 'allowed';
  } catch {
    return 'blocked';
  }
}

async function measured({ urls, credentials }) {
  const found = { owners, crossOriginIsolated: self.crossOriginIsolated, policy: String(self.crossOriginEmbedderPolicy) };
  for (const [key, url] of urls) found[key] = await fetched(url, credentials);
  return found;
}

function serve() {
  home(line => {
    owners += 1;
    line.target.addEventListener('message', ({ data }) => {
      if (data && data.task) measured(data.task).then(found => line.post({ found }));
    });
    line.greet(() => line.post({ ready: true }));
  });
}

// --- a document that makes workers ------------------------------------------------------------------------------------

function localUrl(scheme, source) {
  if (scheme === 'data') return `data:text/javascript,${encodeURIComponent(source)}`;
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
}

const deeds = {
  url: ({ scheme, source }) => localUrl(scheme, source),
  async make({ kind, url, options }) {
    try {
      deeds.line = await reach(kind, url, options);
      return 'runs';
    } catch (error) {
      return error.message === 'Worker blocked' ? 'blocked' : String(error);
    }
  },
  async ask(task) {
    const told = heard(deeds.line.target, 'found');
    deeds.line.post({ task });
    return (await told).found;
  },
};

function own(name) {
  self.addEventListener('message', async ({ data }) => {
    if (data && data.deed) top.postMessage({ [data.id]: await deeds[data.deed](data.with) }, '*');
  });
  top.postMessage({ there: name }, '*');
}

// --- the page around them ---------------------------------------------------------------------------------------------

function frames(names) {
  return new Promise(resolve => {
    const found = {};
    self.addEventListener('message', ({ data, source }) => {
      if (!data || !data.there) return;
      found[data.there] = source;
      if (Object.keys(found).length === names.length) resolve(found);
    });
  });
}

let deed = 0;

async function has(frame, name, options) {
  deed += 1;
  const id = `deed-${deed}`;
  const answer = heard(self, id);
  frame.postMessage({ deed: name, id, with: options }, '*');
  return (await answer)[id];
}

// The worker that the owners of a group make, in their order; the first asks. A control, first: that worker must run.
async function groupFinds(there, { creator, owners: names, control, worker, task, source }) {
  const local = worker.scheme !== 'https';
  const url = local ? await has(there[creator], 'url', { scheme: worker.scheme, source }) : worker.url;
  if (control && await has(there[names[0]], 'make', { ...worker, url: control }) !== 'runs') return { worker: 'control failed' };
  const made = [];
  for (const name of names) made.push(await has(there[name], 'make', { ...worker, url }));
  if (made.some(one => one !== 'runs')) return { worker: made.find(one => one !== 'runs') };
  const found = await has(there[names[0]], 'ask', task);
  if (worker.kind === 'shared' && found.owners !== names.length) return { worker: 'not one for all owners' };
  return { worker: 'runs', ...found };
}

// What is blocked counts only where what nothing blocks is loaded from there.
function judged(found) {
  const keys = Object.keys(found).filter(key => `${key}-control` in found);
  const failed = keys.filter(key => found[`${key}-control`] !== 'allowed');
  return { ...found, ...Object.fromEntries(failed.map(key => [key, 'control failed'])) };
}

async function tell(groups) {
  const there = await frames(groups.flatMap(({ creator, owners: names }) => [...new Set([creator, ...names])]));
  for (const group of groups) {
    const found = judged(await groupFinds(there, group));
    for (const [key, value] of Object.entries(found)) isolab.say(`${key}${group.label}`, value);
  }
}

// --- cookies ----------------------------------------------------------------------------------------------------------

async function lastCookie() {
  const asked = await isolab.requests('resource');
  return 'cookie' in asked.at(-1).headers;
}

async function tellCookies(groups) {
  const ready = frames(groups.flatMap(({ owners: names }) => names));
  await fetched(isolab.urls.resource, 'include');
  const there = await ready;
  if (!await lastCookie()) return isolab.say('cookie', 'control failed');
  const all = [];
  for (const group of groups) {
    const found = await groupFinds(there, group);
    const sent = found.resource === 'allowed' && await lastCookie();
    const words = found.resource === 'blocked' ? 'fetch blocked' : sent ? 'cookie' : 'no cookie';
    all.push(found.worker === 'runs' ? words : `Worker ${found.worker}`);
    isolab.say(`cookie${group.label}`, all.at(-1));
  }
  return isolab.say('independent', all.every(one => one === all[0]));
}

// --- what each kind of global tells of its own policy -----------------------------------------------------------------

async function tellPolicies(workers) {
  isolab.say('window', String(self.crossOriginEmbedderPolicy));
  for (const [kind, url] of workers) {
    const line = await reach(kind, url);
    const told = heard(line.target, 'found');
    line.post({ task: { urls: [] } });
    isolab.say(kind, (await told).found.policy);
  }
}
