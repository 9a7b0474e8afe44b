// What browsers have reported: asked for by a page of its own when two controls of it have come, one after the other.
// What was waiting to be delivered before the first of them has been delivered with it, or never will be.

async function controls() {
  for (let come = 0; come < 2;) {
    new Image().src = `${isolab.urls.control}?${come}`;
    const { length } = await isolab.reports('control', come + 1);
    if (length <= come) return false;
    come = length;
  }
  return true;
}

// Every report to these endpoints (`[name, what the row calls it]`) as [what it is called, its body].
async function reported(endpoints) {
  if (!self.ReportingObserver) throw new Error('no Reporting API');
  if (!await controls()) throw new Error('control failed');
  const lists = endpoints.map(async ([name, called]) => (await isolab.reports(name)).map(({ body }) => [called, body]));
  return (await Promise.all(lists)).flat();
}

async function sayReported(key, endpoints, tell) {
  let told = null;
  try {
    told = tell(await reported(endpoints));
  } catch (error) {
    told = { [key]: error.message };
  }
  for (const [name, value] of Object.entries(told)) isolab.say(name, value);
}

// --- navigations: a line for each report, with what the row says of such a one -----------------------------------------

function lineOf(called, body, { lines, words }) {
  const stated = lines.find(({ endpoint, type }) => endpoint === called && type === body.type);
  const keys = stated ? stated.keys : ['disposition', 'effectivePolicy'];
  const value = key => (words[key] ?? {})[body[key]] ?? body[key] ?? '';
  return [called, body.type, ...keys.map(key => `${key}=${value(key)}`)].join(' ');
}

function sayNavigations({ endpoints = [], lines = [], words }) {
  sayReported('reports', endpoints, found => {
    const navigations = found.filter(([, { type }]) => type.startsWith('navigation-'));
    return { reports: navigations.map(one => lineOf(...one, { lines, words })).sort().join('; ') };
  });
}

// --- what is embedded ----------------------------------------------------------------------------------------------------

function sayEmbedded({ endpoints = [] }) {
  sayReported('reports', endpoints, found => {
    const lines = found.map(([called, { type, disposition }]) => `${called} ${type} ${disposition}`);
    return { reports: lines.sort().join('; ') };
  });
}

// --- accesses: the report of the one who touches ("access-from"), or of the one who is touched ---------------------------

function sayAccess({ endpoints = [], asked }) {
  sayReported('sent', endpoints, found => {
    const [body] = found.map(([, one]) => one).filter(({ type }) => type.startsWith(asked));
    if (!body) return { sent: false, type: 'none', property: 'none', disposition: 'none', policy: 'none', source: 'absent' };
    const { type, property, disposition, effectivePolicy: policy, sourceFile } = body;
    return { sent: true, type, property, disposition, policy, source: sourceFile ? 'present' : 'absent' };
  });
}
