"""Scenes of what a page embeds."""

from __future__ import annotations

from isolab.conform.kinds.embed import read_embedded
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.policy.request import Kind

FIXTURES: dict[Kind, str] = {"image": "image", "script": "script", "style": "style", "fetch": "data"}
"""What is served to be embedded, by its kind; a frame's page needs none."""


def act(row: Row) -> Act:
    """Play a row of the kinds corp and iframe-embed. Raises NotStagedError."""
    embedded = read_embedded(row)
    if embedded.document.parent is not None or embedded.document.inherits is not None:
        raise NotStagedError("no page of the lab embeds a data: frame")
    scene = Scene(row.id)
    served = {"fixture": FIXTURES[embedded.kind]} if embedded.kind in FIXTURES else {}
    asked = scene.way("resource", embedded.hops, **served)
    embed = {embedded.kind: asked, **dict(embedded.attributes)}
    scene.page("page", embedded.document.response, embed={"it": embed})
    scene.flow = [{"open": "page"}]
    scene.expect["page.it"] = "blocked" if row.expect.get("blocked") else "loaded"
    return Act(scene, {"blocked": "page.it"}, {name: "nothing shows it" for name in row.expect if name != "blocked"})
