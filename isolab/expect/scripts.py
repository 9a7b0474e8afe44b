"""What is evaluated in a page. Each leaves nothing behind, and asks nothing that the page's scripts could answer."""

from __future__ import annotations

_WRITTEN = """
  // Its opener may write into a window's first, blank page: then that is its page, whatever its address says since.
  const [made] = performance.getEntriesByType('navigation');
  const blank = location.href === 'about:blank' || (made !== undefined && made.name === 'about:blank');
  const written = blank && document.body !== null && document.body.hasChildNodes();
"""

MOVED_ON = f"() => {{ {_WRITTEN} return written || location.href !== 'about:blank'; }}"

ISOLATED = f"""wanted => {{
  {_WRITTEN}
  return (written || document.readyState !== 'loading') && self.crossOriginIsolated === wanted;
}}"""

FACTS = f"""() => {{
  {_WRITTEN}
  const loading = document.readyState === 'loading' && !written;
  return {{ isolated: self.crossOriginIsolated, constructor: typeof SharedArrayBuffer === 'function', loading }};
}}"""

SHARED_MEMORY = """async () => {
  // A constructor alone proves nothing: only another end that writes where we read does.
  if (typeof SharedArrayBuffer !== 'function') return false;
  const cells = new Int32Array(new SharedArrayBuffer(4));
  const write = 'onmessage = e => { Atomics.store(new Int32Array(e.data), 0, 42); postMessage(1); }';
  const url = URL.createObjectURL(new Blob([write], { type: 'text/javascript' }));
  let worker;
  try {
    worker = new Worker(url);
    const answered = new Promise((resolve, reject) => {
      worker.onmessage = () => resolve(true);
      worker.onmessageerror = () => resolve(false);
      worker.onerror = () => reject(new Error('no worker'));
    });
    worker.postMessage(cells.buffer);
    return (await answered) && Atomics.load(cells, 0) === 42;
  } catch (error) {
    if (error.name === 'DataCloneError') return false;
  } finally {
    if (worker) worker.terminate();
    URL.revokeObjectURL(url);
  }
  // A Content-Security-Policy forbids such a worker: then another port in this page is the other end.
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise((resolve) => {
      port2.onmessage = (event) => {
        Atomics.store(new Int32Array(event.data), 0, 43);
        resolve(Atomics.load(cells, 0) === 43);
      };
      port2.onmessageerror = () => resolve(false);
      port1.postMessage(cells.buffer);
    });
  } catch (error) {
    return false;
  } finally {
    port1.close();
  }
}"""

_OWN_FETCH = """
  // Of a frame of our own: the page may have put another function in its place, and does not see what we ask for.
  const frame = document.createElement('iframe');
  frame.hidden = true;
  (document.body || document.documentElement).append(frame);
  const own = frame.contentDocument ? frame.contentWindow : self;
"""

LOADS = f"""async ([url, mode, credentials, integrity, here], ms) => {{
  // The same check as for an element that asks like this; what it answers is not read.
  {_OWN_FETCH}
  // A service worker answers the page, not the frame.
  const asks = here ? self : own;
  let forbidden = false;
  const heed = (event) => {{ forbidden ||= event.effectiveDirective === 'connect-src'; }};
  asks.document.addEventListener('securitypolicyviolation', heed);
  try {{
    await asks.fetch(url, {{ mode, credentials, integrity, signal: own.AbortSignal.timeout(Math.max(ms, 1)) }});
    return 'loaded';
  }} catch (error) {{
    if (error.name === 'TimeoutError') return 'silent';
    await new Promise((resolve) => {{ const {{ port1, port2 }} = new own.MessageChannel();
      port2.onmessage = () => {{ port1.close(); resolve(); }}; port1.postMessage(0); }});
    return forbidden ? 'forbidden' : 'blocked';
  }} finally {{
    asks.document.removeEventListener('securitypolicyviolation', heed);
    frame.remove();
  }}
}}"""

UNTIL_LOADS = f"async (what, ms) => (await ({LOADS})(what, ms)) === 'loaded'"

OPENER = f"""() => {{
  {_WRITTEN}
  if (document.readyState === 'loading' && !written) return null;
  if (self.opener === null) return 'none';
  return self.opener.closed ? 'gone' : 'there';
}}"""

UNTIL_OPENER = f"wanted => ({MOVED_ON})() && wanted.includes(({OPENER})())"

ADDRESS = """url => {
  try {
    const address = new URL(url, document.baseURI);
    address.hash = '';
    return address.href;
  } catch (error) {
    return null;
  }
}"""

_BARE = """
  const bare = (address) => address.split('#')[0];
  // Of several images that are offered the browser chooses one, and asks for no other.
  const chosen = (each) => each.localName === 'img' && each.currentSrc
    && (each.srcset || (each.parentElement && each.parentElement.localName === 'picture'));
  const addresses = (each) => (chosen(each) ? [each.currentSrc] : [each.src, each.href, each.data, each.currentSrc]);
  const asks = (each, url) => addresses(each).some((one) => one && bare(String(one)) === url);
"""

_ASKED = f"""
  {_BARE}
  // Those load nothing: a link that only says what is where, a script for browsers without modules, data.
  const loads = ['stylesheet', 'preload', 'modulepreload', 'prefetch', 'icon', 'manifest', 'apple-touch-icon'];
  const idle = (each) =>
    (each.localName === 'link' && !(each.relList && loads.some((rel) => each.relList.contains(rel)))) ||
    (each.localName === 'script' && (each.noModule || !/^$|^module$|(java|ecma)script/.test(each.type)));
  const all = () => [
    ...document.querySelectorAll('iframe, frame, img, script, link, video, audio, source, embed, object'),
  ].filter((each) => !idle(each) && asks(each, url));
  const timed = () => performance.getEntriesByType('resource').filter((entry) => bare(entry.name) === url);
"""

ASKS = f"url => {{ {_ASKED} return all().length > 0 || timed().length > 0; }}"

ASKED = f"""url => {{
  // How the page asks for it: the elements that do, what of them makes a difference, and what was answered so far.
  {_ASKED}
  const names = ['crossorigin', 'type', 'credentialless', 'integrity', 'loading', 'rel'];
  const told = (each) => [
    each.localName,
    Object.fromEntries(names.filter((name) => each.hasAttribute(name)).map((name) => [name, each.getAttribute(name)])),
  ];
  // WebKit does not say it.
  const read = (status) => (status === undefined ? null : status > 0);
  return [all().map(told), timed().map((entry) => [entry.initiatorType, read(entry.responseStatus)])];
}}"""

ENDED = f"([url, count]) => {{ {_ASKED} return timed().length >= count; }}"

_IMAGES = f"""
  {_BARE}
  const images = [...document.images].filter((each) => asks(each, url));
"""

SHOWS = f"""async (url) => {{
  {_IMAGES}
  // One that is to come into view first counts once it is there.
  const due = images.filter((each) => each.complete || each.loading !== 'lazy');
  const shows = (each) => each.complete && each.decode().then(() => true, () => false);
  const shown = await Promise.all(due.map(shows));
  return shown.length > 0 && !shown.includes(false);
}}"""

LOADING = f"url => {{ {_IMAGES} return images.some((each) => !each.complete); }}"

FRAME_ENDED = """url => performance.getEntriesByType('resource').some(
  (entry) => entry.name.split('#')[0] === url && entry.initiatorType === 'iframe')"""

WORKER = f"""async ([url, patience, least], ms) => {{
  {_OWN_FETCH}
  const made = [];
  const rest = (pause) => new Promise((resolve) => {{ setTimeout(resolve, pause); }});
  // A worker that is kept out gets a bare error event, one whose script fails an ErrorEvent.
  const failed = (type) => new Promise((resolve) => {{
    try {{
      const worker = new Worker(url, {{ type }});
      made.push(worker);
      worker.onerror = (event) => {{ if (!(event instanceof ErrorEvent)) resolve('blocked'); }};
    }} catch (error) {{
      resolve(error instanceof TypeError ? 'forbidden' : 'blocked');
    }}
  }});
  // An answer to us says when the worker has its own. In the cache the one would wait for the other; where we may not
  // ask, nobody says it.
  const answered = async () => (await own.fetch(url, {{ cache: 'no-store' }})).text();
  const silent = () => answered().catch(() => rest(least)).then(() => rest(patience)).then(() => 'runs');
  const late = rest(ms).then(() => 'silent');
  try {{
    const fate = await Promise.race([failed('classic'), silent(), late]);
    // The script of a module is no classic one, and the page does not say which it starts.
    return fate === 'blocked' ? await Promise.race([failed('module'), silent(), late]) : fate;
  }} finally {{
    made.forEach((worker) => worker.terminate());
    frame.remove();
  }}
}}"""
