"""Scenes of what a page embeds."""

from __future__ import annotations

from isolab.conform.headers import FIELDS
from isolab.conform.kinds.embed import Embedded, read_embedded
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages.script import at, given, page_with, url_of
from isolab.policy.request import Kind
from isolab.policy.response import Hop

FIXTURES: dict[Kind, str] = {"image": "image", "script": "script", "style": "style", "fetch": "data"}
"""What is served to be embedded, by its kind; a frame's page needs none."""


def act(row: Row) -> Act:
    """Play a row of the kinds corp and iframe-embed. Raises NotStagedError."""
    embedded = read_embedded(row)
    if embedded.document.inherits is not None:
        return _of_data_frame(row, embedded)
    scene = Scene(row.id)
    served = {"fixture": FIXTURES[embedded.kind]} if embedded.kind in FIXTURES else {}
    asked = scene.way("resource", embedded.hops, **served)
    embed = {embedded.kind: asked, **dict(embedded.attributes)}
    scene.page("page", embedded.document.response, embed={"it": embed})
    scene.flow = [{"open": "page"}]
    scene.expect["page.it"] = "blocked" if row.expect.get("blocked") else "loaded"
    return Act(scene, {"blocked": "page.it"}, {name: "nothing shows it" for name in row.expect if name != "blocked"})


def _of_data_frame(row: Row, embedded: Embedded) -> Act:
    """What the script of a data: frame fetches, beside a control that nothing blocks. Raises NotStagedError else."""
    document = embedded.document
    if document.parent is None or embedded.kind != "fetch" or len(embedded.hops) != 1:
        raise NotStagedError("a data: frame in a page fetches one response")
    scene = Scene(row.id)
    (asked,) = embedded.hops
    free = Hop(asked.url, asked.origin, asked.status, ((FIELDS["corp"], "cross-origin"),))
    for name, hop in (("resource", asked), ("control", at(free, "/control"))):
        # Chromium's opaque response blocking (ORB) lets images through to any origin.
        scene.page(name, hop, fixture="image")
    load = {"kind": "fetch", "attributes": dict(embedded.attributes), **{n: url_of(n) for n in ("resource", "control")}}
    inner = page_with(("loads",), f"tellOutside({given(load)})")
    html = page_with(("loads",), "showData()")
    scene.page("page", document.parent.response, html=html, **{"with": {"inner": inner}})
    scene.flow = [{"open": "page"}]
    scene.expect["page.says.blocked"] = bool(row.expect.get("blocked"))
    unseen = {name: "nothing shows it" for name in row.expect if name != "blocked"}
    return Act(scene, {"blocked": "page.says.blocked"}, unseen)
