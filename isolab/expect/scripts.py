"""What is evaluated in a page. Each leaves nothing behind, and asks nothing that the page's own scripts could hear."""

from __future__ import annotations

ISOLATED = "wanted => document.readyState !== 'loading' && self.crossOriginIsolated === wanted"

FACTS = """() => ({
  isolated: self.crossOriginIsolated, constructor: typeof SharedArrayBuffer === 'function',
})"""

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

LOADS = """async ([url, mode, credentials], ms) => {
  // The same check as for an element that asks like this; what it answers is not read.
  let forbidden = false;
  const heed = (event) => { forbidden ||= event.effectiveDirective === 'connect-src'; };
  document.addEventListener('securitypolicyviolation', heed);
  try {
    await fetch(url, { mode, credentials, signal: AbortSignal.timeout(Math.max(ms, 1)) });
    return 'loaded';
  } catch (error) {
    if (error.name === 'TimeoutError') return 'silent';
    await new Promise((resolve) => { const { port1, port2 } = new MessageChannel();
      port2.onmessage = () => { port1.close(); resolve(); }; port1.postMessage(0); });
    return forbidden ? 'forbidden' : 'blocked';
  } finally {
    document.removeEventListener('securitypolicyviolation', heed);
  }
}"""

UNTIL_LOADS = f"async (what, ms) => (await ({LOADS})(what, ms)) === 'loaded'"

OPENER = """() => {
  if (document.readyState === 'loading') return null;
  if (self.opener === null) return 'none';
  return self.opener.closed ? 'gone' : 'there';
}"""

UNTIL_OPENER = f"wanted => location.href !== 'about:blank' && wanted.includes(({OPENER})())"

ELEMENT = """url => {
  // How the page asks for it: the element, if one does, and what of it makes a difference.
  const found = [...document.querySelectorAll('iframe, frame, img, script, link, video, audio, source, embed, object')]
    .find((each) => [each.src, each.href, each.data, each.currentSrc].includes(url));
  if (!found) return null;
  const names = ['crossorigin', 'type', 'credentialless'].filter((name) => found.hasAttribute(name));
  return [found.localName, Object.fromEntries(names.map((name) => [name, found.getAttribute(name)]))];
}"""

SHOWS = """url => {
  // Of what a page loads, these alone can be seen to be there.
  const at = (address) => address.split('#')[0];
  const images = [...document.images].filter((each) => [at(each.src), at(each.currentSrc)].includes(url));
  const styles = [...document.querySelectorAll('link[rel~="stylesheet"]')].filter((each) => each.href === url);
  return images.some((each) => each.complete && each.naturalWidth > 0) || styles.some((each) => each.sheet !== null);
}"""

FRAME_ENDED = "url => performance.getEntriesByName(url).some((entry) => entry.initiatorType === 'iframe')"

WORKER = """async (url, patience) => {
  // A worker that is kept out gets a bare error event, one whose script fails an ErrorEvent.
  let worker;
  const failed = new Promise((resolve) => {
    try {
      worker = new Worker(url);
      worker.onerror = (event) => { if (!(event instanceof ErrorEvent)) resolve('blocked'); };
    } catch (error) {
      resolve('blocked');
    }
  });
  const silent = (async () => {
    await (await fetch(url, { cache: 'reload' })).text();
    await new Promise((resolve) => { setTimeout(resolve, patience); });
    return 'runs';
  })();
  try {
    return await Promise.race([failed, silent]);
  } finally {
    if (worker) worker.terminate();
  }
}"""
