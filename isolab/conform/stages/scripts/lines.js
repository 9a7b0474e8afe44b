// Lines between globals of any kind: `post` says something to the other end, `target` is where the other end is heard.

// The line to whoever made this global, or for a worker that several use: a line to each. `greet` tells that it hears.
function home(begin) {
  const { postMessage } = self;
  if (typeof document === 'object') {
    const other = self.opener || self.top;
    begin({ post: (message, ports = []) => other.postMessage(message, '*', ports), target: self, greet: hi => hi() });
  } else if ('onconnect' in self) {
    self.addEventListener('connect', ({ ports: [port] }) => {
      begin({ post: (message, ports = []) => port.postMessage(message, ports), target: port, greet: hi => hi() });
      port.start();
    });
  } else if ('registration' in self) {
    let client = null;
    let greeting = null;
    self.addEventListener('message', ({ data, source }) => {
      client = source;
      if (data === 'hello') greeting();
    });
    const post = (message, ports = []) => client.postMessage(message, ports);
    begin({ post, target: self, greet: hi => { greeting = hi; } });
  } else {
    begin({ post: (message, ports = []) => postMessage.call(self, message, ports), target: self, greet: hi => hi() });
  }
}

// Lines to workers of each kind, made here. A worker that fails to start rejects `failed`.
const makes = {
  dedicated(url, options) {
    const worker = new Worker(url, options);
    const failed = new Promise((_, reject) => { worker.onerror = () => reject(new Error('Worker blocked')); });
    return { post: (message, ports = []) => worker.postMessage(message, ports), target: worker, failed };
  },
  shared(url) {
    const worker = new SharedWorker(url);
    const failed = new Promise((_, reject) => { worker.onerror = () => reject(new Error('Worker blocked')); });
    worker.port.start();
    return { post: (message, ports = []) => worker.port.postMessage(message, ports), target: worker.port, failed };
  },
  async service(url) {
    const { serviceWorker } = navigator;
    const { installing, waiting, active } = await serviceWorker.register(url);
    const worker = installing || waiting || active;
    await new Promise((resolve, reject) => {
      const look = () => {
        if (worker.state === 'activated') resolve();
        if (worker.state === 'redundant') reject(new Error('Worker blocked'));
      };
      worker.addEventListener('statechange', look);
      look();
    });
    serviceWorker.startMessages();
    const failed = new Promise(() => {});
    return { post: (message, ports = []) => worker.postMessage(message, ports), target: serviceWorker, failed };
  },
};

// The first message at the target that has `key`, or, where that is asked for, a messageerror.
function heard(target, key, { source = null, errors = false } = {}) {
  return new Promise(resolve => {
    const ends = new AbortController();
    const listen = (type, found) => target.addEventListener(type, event => {
      if ((source && event.source && event.source !== source) || !found(event)) return;
      ends.abort();
      resolve(type === 'message' ? event.data : { [key]: type });
    }, { signal: ends.signal });
    listen('message', ({ data }) => data && typeof data === 'object' && key in data);
    if (errors) listen('messageerror', () => true);
  });
}

// A worker's line once it has greeted; service workers do not know whom until they are spoken to.
async function reach(kind, url, options) {
  const line = await makes[kind](url, options);
  const greeted = heard(line.target, 'ready');
  if (kind === 'service') line.post('hello');
  await Promise.race([greeted, line.failed]);
  return line;
}
