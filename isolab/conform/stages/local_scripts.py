"""What the pages of scenes with local documents do: scripts that look, and tell what they saw."""

from __future__ import annotations

import json
from collections.abc import Iterable

from isolab.conform.headers import HOSTS
from isolab.conform.scene import Scene
from isolab.policy.corp import CORP
from isolab.policy.document import Document
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

RELATIONS = ("same_origin", "same_site", "cross_origin", "cross_site")
CONTROL = "allowed"
"""Under which name the image is told of that every policy lets in: that it loads shows that the others could have."""

# A frame's page may have a probe, too; what is in a frame is for the page around to tell.
_TELL = """
const tell = (key, value) => {
  if (self.isolab && self === self.top) isolab.say(key, value);
  else (self.opener || self).top.postMessage({ saw: [key, value] }, '*');
};
"""
LISTEN = "addEventListener('message', ({ data }) => { if (data.saw) isolab.say(...data.saw); });"
"""A page with a probe says what documents without one have seen."""


def script(text: str) -> str:
    """A script element that leaves no names behind."""
    return f"<script>(() => {{{text}}})();</script>"


def image_pages(scene: Scene, document: Document, relations: Iterable[str]) -> dict[str, str]:
    """Add images without CORP in these relations to a document's own host, and one that all may load; gives URLs."""
    home = document.response.origin
    foreign = next(host for host in HOSTS.values() if not host.endswith(home.host) and not home.host.endswith(host))
    hosts = {"same_origin": home.host, "cross_site": foreign}
    found = {relation: Origin(home.scheme, hosts.get(relation, f"static.{home.host}")) for relation in relations}
    urls = {}
    for name, origin in {**found, CONTROL: Origin(home.scheme, foreign)}.items():
        headers = ((CORP, "cross-origin"),) if name == CONTROL else ()
        page = f"image-{name}".replace("_", "-")
        scene.page(page, Hop(f"{origin}/{page}", origin, 200, headers), fixture="image")
        urls[name] = f"${{{{ url.{page} }}}}"
    return urls


def see_images(urls: dict[str, str]) -> str:
    """A script that tells of each image whether it loads; a window without a probe closes then, as no step names it."""
    return f"""{_TELL}
const look = ([key, url]) => new Promise(resolve => {{
  const image = new Image();
  image.onload = () => resolve(tell(key, 'loaded'));
  image.onerror = () => resolve(tell(key, 'blocked'));
  image.src = url;
}});
Promise.all(Object.entries({json.dumps(urls)}).map(look)).then(() => {{
  tell('looked', true);
  if (!self.isolab && self.opener) self.close();
}});"""


def see_self(page: str) -> str:
    """A script that tells that it runs, and in which origin: `own` is that of this page of the scene."""
    own = f"self.origin === new URL('${{{{ url.{page} }}}}').origin ? 'own' : self.origin"
    return f"{_TELL} tell('runs', true); tell('origin', {own});"


def see_child(child: str, control: str) -> str:
    """A script that embeds a page, and after it one that all may embed; mute after two of those: blocked.

    Frames that are lost are sent again, as in `scripts/frames.js`.
    """
    return f"""{_TELL}
const embed = url => {{
  const frame = document.createElement('iframe');
  const sent = {{ fired: false }};
  sent.heard = new Promise(resolve => addEventListener('message', ({{ source, data }}) => {{
    if (source === frame.contentWindow && data.isolab) resolve(true);
  }}));
  frame.onload = () => {{ sent.fired = true; }};
  frame.src = url;
  document.body.append(frame);
  return sent;
}};
const hearControl = async () => {{
  const heard = [];
  do heard.push(embed('{control}').heard);
  while (!await Promise.race([...heard, new Promise(resolve => setTimeout(resolve, 2000))]));
}};
const alwaysFires = /Chrom(e|ium)\\//.test(navigator.userAgent);
const look = async () => {{
  let sent;
  let speaks = false;
  do {{
    sent = embed('{child}');
    sent.heard.then(() => {{ speaks = true; tell('child', 'loaded'); }});
    await hearControl();
    await hearControl();
  }} while (alwaysFires && !speaks && !sent.fired);
  if (!speaks) tell('child', 'blocked');
}};
look();
"""
