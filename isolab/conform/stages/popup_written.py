"""Popups that the page writes into before they go on."""

from __future__ import annotations

import json

from isolab.conform.kinds.popup import Opened
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.stages.local_scripts import script
from isolab.conform.stages.script import url_of

_BODY = "<!doctype html><body>"
# The popup's first document, the blank one, becomes one that the page wrote.
_WRITES = """
const go = Object.assign(document.createElement('button'), { id: 'go', textContent: 'go' });
go.onclick = () => {
  const popup = self.open('', NAME);
  popup.document.write('<meta http-equiv="refresh" content="0; url=URL">');
  popup.document.close();
};
document.body.append(go);
"""


def pages(scene: Scene, opened: Opened, row: Row) -> None:
    """Add the page with the button, and what it opens. Raises NotStagedError for what else the row asks."""
    if opened.creator.parent is not None or len(opened.life) != 1 or opened.noopener or "then_open" in row.setting:
        raise NotStagedError("a popup that is written into is opened by the page itself, and stays")
    name = "" if opened.name in (None, "<unique>") else opened.name
    shown = url_of(scene.way("popup", opened.life[0].hops))
    text = _WRITES.replace("URL", shown).replace("NAME", json.dumps(name))
    scene.page("opener", opened.creator.response, html=_BODY + script(text))
    scene.flow += [{"open": "opener"}, {"click": "#go", "opens": "popup"}]
