// Shared memory posted from one global to another: made, sent, written to at the other end, read at this one.

const MARK = 42;

function wasmMemory() {
  return new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer;
}

// Where the constructor is hidden, WebAssembly still makes such memory.
function sharedMemory() {
  return typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(8) : wasmMemory();
}

const cargoes = {
  memory: sharedMemory,
  module: () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
};

// A message may come without its memory: then there is nothing where that was.
function took(cargo) {
  if (!cargo) return 'nothing';
  if (cargo instanceof WebAssembly.Module) return 'message';
  Atomics.store(new Int32Array(cargo), 0, MARK);
  return 'stored';
}

// What came of it, once the other end has told what it got.
function outcomeOf(cargo, got) {
  if (got !== 'stored') return got;
  return Atomics.load(new Int32Array(cargo), 0) === MARK ? 'shared' : 'copied';
}

// --- the receiver -------------------------------------------------------------------------------------------------

// What is broadcast is followed by an end: a cargo that has not arrived by then never will.
function hear(target, line) {
  let got = '';
  const tell = what => {
    got = what;
    line.post({ got });
  };
  target.addEventListener('messageerror', () => tell('messageerror'));
  target.addEventListener('message', ({ data, ports }) => {
    if (!data || typeof data !== 'object') return;
    if (data.end && !got) tell('nothing');
    if (data.port) {
      hear(ports[0], line);
      ports[0].start();
    }
    if ('cargo' in data) tell(took(data.cargo));
    if (data.back) giveBack(line, data.back);
  });
}

function giveBack(line, what) {
  try {
    line.post({ cargo: cargoes[what]() });
  } catch (error) {
    line.post({ cargo: null, threw: error.name });
  }
}

// Channels are made known to one another beside all else: one that has heard another is there.
function broadcast(line) {
  const channel = new BroadcastChannel('isolab');
  hear(channel, line);
  const knocked = heard(channel, 'knock');
  new BroadcastChannel('isolab').postMessage({ knock: true });
  return knocked;
}

function receive(channel, name) {
  home(line => {
    hear(line.target, line);
    const open = channel === 'BroadcastChannel' ? broadcast(line) : Promise.resolve();
    line.greet(() => open.then(() => line.post({ ready: name })));
  });
}

// --- the sender ---------------------------------------------------------------------------------------------------

// Lines to frames and windows, by name: each greets.
function windows(names) {
  return new Promise(resolve => {
    const lines = {};
    const begin = ({ data, source }) => {
      if (!data || !names.includes(data.ready)) return;
      lines[data.ready] = { post: (message, ports = []) => source.postMessage(message, '*', ports), target: self, source };
      if (Object.keys(lines).length === names.length) resolve(lines);
    };
    if (names.length) self.addEventListener('message', begin);
    else resolve(lines);
  });
}

const posts = {
  '': (lines, cargo) => lines.forEach(line => line.post({ cargo })),
  MessageChannel: (lines, cargo) => lines.forEach(line => {
    const { port1, port2 } = new MessageChannel();
    line.post({ port: true }, [port2]);
    port1.postMessage({ cargo });
  }),
  BroadcastChannel: (lines, cargo) => {
    const channel = new BroadcastChannel('isolab');
    channel.postMessage({ cargo });
    channel.postMessage({ end: true });
  },
};

async function offer(lines, channel, what) {
  const cargo = cargoes[what]();
  const answers = lines.map(({ target, source }) => heard(target, 'got', { source }));
  try {
    posts[channel](lines, cargo);
  } catch (error) {
    return lines.map(() => error.name);
  }
  return (await Promise.all(answers)).map(({ got }) => outcomeOf(cargo, got));
}

async function comesBack({ post, target, source }, what) {
  const answer = heard(target, 'cargo', { source, errors: true });
  post({ back: what });
  const { cargo, threw } = await answer;
  return threw || (cargo === 'messageerror' ? cargo : took(cargo).replace('stored', 'shared'));
}

// `to` has the receivers: ['window', name] or a worker's kind and URL.
async function send({ to, channel = '', what = 'memory', back = '', labels = null }) {
  const greeted = await windows(to.filter(([kind]) => kind === 'window').map(([, name]) => name));
  const lines = [];
  for (const [kind, where] of to) lines.push(kind === 'window' ? greeted[where] : await reach(kind, where));
  const outcomes = await offer(lines, channel, what);
  if (labels) return outcomes.map((outcome, n) => `${outcome} for ${labels[n]}`).join('; ');
  const [first] = outcomes;
  if (!outcomes.every(outcome => outcome === first)) return outcomes.join(', ');
  if (!back || first === 'shared') return first;
  const second = await comesBack(lines[0], what);
  if (second !== first) return `${first} one way, ${second} the other`;
  return back === 'named' ? `${first} both ways` : first;
}

async function result(options) {
  try {
    return await send(options);
  } catch (error) {
    return error.name === 'Error' ? error.message : error.name;
  }
}

function sendFromHere(options) {
  home(line => {
    line.greet(() => line.post({ ready: true }));
    result(options).then(outcome => line.post({ result: outcome }));
  });
}

async function hearResult(kind, url) {
  const line = await makes[kind](url);
  const told = heard(line.target, 'result');
  if (kind === 'service') line.post('hello');
  return (await Promise.race([told, line.failed])).result;
}

// --- one global alone -----------------------------------------------------------------------------------------------

async function toItself(post, target) {
  const cargo = wasmMemory();
  const answer = heard(target, 'cargo', { errors: true });
  try {
    post({ cargo });
  } catch (error) {
    return error.name;
  }
  const got = (await answer).cargo;
  return got === 'messageerror' ? got : outcomeOf(cargo, took(got));
}

function overChannel() {
  const { port1, port2 } = new MessageChannel();
  port2.start();
  return toItself(message => port1.postMessage(message), port2);
}

function overBroadcast() {
  const [sender, receiver] = [0, 1].map(() => new BroadcastChannel('itself'));
  return toItself(message => sender.postMessage(message), receiver);
}

async function measured() {
  return {
    crossOriginIsolated: self.crossOriginIsolated,
    SharedArrayBuffer: 'SharedArrayBuffer' in globalThis,
    memory: String(wasmMemory()) === '[object SharedArrayBuffer]' ? 'still obtainable' : 'not shared',
    MessageChannel: await overChannel(),
    BroadcastChannel: await overBroadcast(),
    self: typeof document === 'object' ? await toItself(message => self.postMessage(message), self) : 'none',
  };
}

function measuredFromHere() {
  home(line => line.greet(() => measured().then(facts => line.post({ ready: true, facts }))));
}

async function hearMeasured(kind, url) {
  const line = await makes[kind](url);
  const told = heard(line.target, 'facts');
  if (kind === 'service') line.post('hello');
  return (await Promise.race([told, line.failed])).facts;
}

function sayAll(facts) {
  for (const [key, value] of Object.entries(facts)) isolab.say(key, value);
}

// --- what is never done ---------------------------------------------------------------------------------------------

function thrownBy(act) {
  try {
    act();
    return 'done';
  } catch (error) {
    return error.name;
  }
}

function never() {
  const memory = sharedMemory();
  const { port1 } = new MessageChannel();
  const history = ['pushState', 'replaceState'].map(name => thrownBy(() => self.history[name](memory, '')));
  return {
    transfer: thrownBy(() => port1.postMessage(null, [memory])),
    history: history[0] === history[1] ? history[0] : history.join(', '),
  };
}
