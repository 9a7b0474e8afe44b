"""Scenes of windows that show local documents, or are opened by one: about:blank, blob: and javascript: ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from isolab.conform.kinds.inherit import read_second, read_windows
from isolab.conform.kinds.popup import Opened
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Json, Row
from isolab.conform.ruling import observations
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import popup
from isolab.conform.stages.local_scripts import CONTROL, LISTEN, RELATIONS, image_pages, script, see_images
from isolab.policy.response import Hop
from isolab.scenario.case import Scalar

_IMAGE = re.compile(rf"no_cors_({'|'.join(RELATIONS)})_without_corp")

# The text of a page with the probe in it: a document made of it reports as any other.
_BECOME = """
fetch(isolab.urls.replaced).then(response => response.text()).then(text => {
  self.replaced = text;
  location.href = 'javascript:self.replaced';
});
"""
_BLOB = """
fetch(isolab.urls.popup).then(response => response.text()).then(text => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/html' }));
  const { target, rel } = isolab.with;
  const go = Object.assign(document.createElement('button'), { id: 'go', textContent: 'go' });
  go.onclick = () => {
    if (isolab.with.link) Object.assign(document.createElement('a'), { href: url, target, rel }).click();
    else self.open(url, target);
  };
  document.body.append(go);
});
"""
# The frame opens the window and, when that has said that it is there, has it show about:blank by its name.
_REOPEN = """
const shown = w => {
  try { return w.location.href === 'about:blank' && w.document.readyState === 'complete'; } catch { return false; }
};
const first = window.open(isolab.urls.popup, 'blank');
addEventListener('message', ({ data }) => {
  if (data !== 'here') return;
  window.open('about:blank', 'blank');
  const tick = () => {
    if (!first.closed && !shown(first)) return setTimeout(tick, 5);
    parent.postMessage({ saw: ['closed', first.closed] }, '*');
    first.close();
  };
  tick();
});
"""
# The popup goes to about:blank by itself.
_WATCH = """
const shown = w => {
  try { return w.location.href === 'about:blank' && w.document.readyState === 'complete'; } catch { return false; }
};
const first = window.open(isolab.urls.popup);
addEventListener('message', ({ data }) => {
  if (data !== 'here') return;
  const tick = () => {
    if (!first.closed && !shown(first)) return setTimeout(tick, 5);
    isolab.say('closed', first.closed);
    isolab.say('location', first.closed ? null : first.location.href);
    first.close();
  };
  tick();
});
"""
_HERE = "opener.postMessage('here', '*');"
_BLANK = """
const see = inside => {
  const made = inside.createElement('script');
  made.textContent = `(() => {${isolab.with.look}})();`;
  (inside.body || inside.documentElement).append(made);
};
const popup = window.open(isolab.urls.away || '');
if (!isolab.urls.away) see(popup.document);
addEventListener('message', ({ data }) => {
  if (data !== 'here') return;
  popup.location = 'about:blank';
  const tick = () => {
    try {
      const inside = popup.document;
      if (popup.location.href === 'about:blank' && inside.readyState === 'complete') return see(inside);
    } catch { /* It still shows the page of another origin. */ }
    setTimeout(tick, 5);
  };
  tick();
});
"""


def act(row: Row) -> Act:
    """Play a row about a window. Raises NotStagedError."""
    setting = Reader(row.setting)
    opened = read_windows(setting)
    second = read_second(setting.part("then_open"), opened) if setting.has("then_open") else None
    setting.finish()
    scene = Scene(row.id)
    if opened.creator.inherits is not None:
        return _opened_by_javascript(scene, opened, row)
    url = opened.shown.url
    if url.startswith("blob:"):
        return _blob(scene, opened, second, row)
    if opened.life and opened.life[-1].window == "opener":
        raise NotStagedError("no scene has a frame navigate the top window to a local document yet")
    if url == "about:blank":
        return _blank(scene, opened, row) if any(map(_IMAGE.fullmatch, row.expect)) else _gone_blank(scene, opened, row)
    raise NotStagedError(f"no scene shows a window at {url}")


def _opened_by_javascript(scene: Scene, opened: Opened, row: Row) -> Act:
    page, inherits = opened.creator.response, opened.creator.inherits
    headers = inherits.response.headers if inherits else ()
    scene.page("opener", Hop(page.url, page.origin, 200, headers), html=script(_BECOME))
    scene.page("replaced", Hop(f"{page.origin}/replaced", page.origin))
    (first,) = opened.life
    shown = scene.way("popup", first.hops)
    step = {"popup": "popup", "from": "opener", "page": shown, "target": popup.target_of(opened)}
    scene.flow = [{"open": "opener"}, {"wait": "opener", "page": "replaced"}]
    scene.flow.append({key: value for key, value in step.items() if value})
    return Act(scene, *popup.expectations(scene, opened, row))


def _page(*scripts: str) -> str:
    return "<!doctype html><body>" + "".join(map(script, scripts))


def _blob(scene: Scene, opened: Opened, second: Opened | None, row: Row) -> Act:
    method = str((row.setting.get("open") or {}).get("method", "window.open"))
    rel = "noopener" if opened.noopener else "opener"
    given = {"link": method != "window.open", "target": opened.name or "_blank", "rel": rel}
    home = opened.creator.response
    scene.page("opener", home, html=_page(_BLOB), **{"with": given})
    look = _images(scene, opened, row)
    scene.page("popup", Hop(f"{home.origin}/popup", home.origin), html=_page(*look))
    scene.flow = [{"open": "opener"}, {"click": "#go", "opens": "popup"}]
    if second is not None:
        scene.page("second", second.life[0].hops[-1])
        scene.flow.append({"popup": "second", "from": "popup", "target": second.name})
    return _claimed(scene, row, _BLOB_CHECKS)


def _images(scene: Scene, opened: Opened, row: Row) -> list[str]:
    relations = [found[1] for found in map(_IMAGE.fullmatch, row.expect) if found]
    return [see_images(image_pages(scene, opened.shown, relations))] if relations else []


def _blank(scene: Scene, opened: Opened, row: Row) -> Act:
    (look,) = _images(scene, opened, row)
    scene.page("opener", opened.creator.response, html=_page(LISTEN, _BLANK), **{"with": {"look": look}})
    if opened.life:
        scene.page("away", opened.life[0].hops[-1], html=_page(_HERE))
    scene.flow = [{"open": "opener"}]
    return _claimed(scene, row, {}, images="opener")


def _gone_blank(scene: Scene, opened: Opened, row: Row) -> Act:
    if row.expect.get("popup_closed_seen_by_opener"):
        raise NotStagedError("a window that is severed and has no page can be closed by nobody")
    first, creator = opened.life[0], opened.creator
    if creator.parent is not None:
        frame = "const f = document.createElement('iframe'); f.src = isolab.urls.frame; document.body.append(f);"
        scene.page("opener", creator.parent.response, html=_page(LISTEN, frame))
        scene.page("frame", creator.response, html=_page(_REOPEN))
        scene.page("popup", first.hops[-1], html=_page(_HERE))
    else:
        scene.page("opener", creator.response, html=_page(_WATCH))
        scene.page("popup", first.hops[-1], html=_page(_HERE + " location.href = 'about:blank';"))
    scene.flow = [{"open": "opener"}]
    return _claimed(scene, row, _BLANK_CHECKS)


Check = Callable[[Json], tuple[str, Scalar]]
_BLANK_CHECKS: Mapping[str, Check] = {
    "popup_closed_seen_by_opener": lambda value: ("opener.says.closed", value),
    "opener_can_read_popup_location": lambda value: ("opener.says.location", value),
}
_BLOB_CHECKS: Mapping[str, Check] = {
    "opener_in_popup": lambda value: ("popup.opener", "preserved" if value else "noopener"),
    "blob_popup.opener_in_popup": lambda value: ("popup.opener", "preserved" if value else "severed"),
    "blob_popup.origin_equals_opener": lambda value: ("popup.domAccess", value),
    "second_popup.opener_in_popup": lambda value: ("second.opener", "preserved" if value else "severed"),
    "second_popup.name_preserved": lambda value: ("second.name", "second" if value else ""),
    "second_popup.popup_closed_seen_by_opener": lambda value: ("second.closed", value),
}


def _claimed(scene: Scene, row: Row, checks: Mapping[str, Check], images: str = "popup") -> Act:
    claims: dict[str, str] = {}
    unseen: dict[str, str] = {}
    for name, value in observations(row.expect):
        if image := _IMAGE.fullmatch(name):
            claims[name], expected = f"{images}.says.{image[1]}", value
            scene.expect[f"{images}.says.{CONTROL}"] = "loaded"
        elif name in checks:
            claims[name], expected = checks[name](value)
        else:
            unseen[name] = "nothing in the scene shows it"
            continue
        scene.expect[claims[name]] = expected
    return Act(scene, claims, unseen)
