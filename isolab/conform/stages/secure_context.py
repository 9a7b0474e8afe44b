"""Scenes of pages that are no secure contexts: kind secure-context."""

from __future__ import annotations

from isolab.conform.kinds.secure_context import read_in_frame
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import embed, popup
from isolab.policy.worker import Worker


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    if "opener" in row.setting:
        return popup.act(row)
    if "document" in row.setting:
        return embed.act(row)
    return _in_frame(row) if "request" in row.setting else embed.act(row)


def _in_frame(row: Row) -> Act:
    """What a frame asks for."""
    asked = read_in_frame(Reader(row.setting))
    if isinstance(asked.environment, Worker):
        raise NotStagedError("no scene has the worker of a frame ask for something yet")
    scene = Scene(row.id)
    subject = scene.nest(asked.environment)
    served = {"fixture": embed.FIXTURES[asked.kind]} if asked.kind in embed.FIXTURES else {}
    resource = scene.way("resource", asked.hops, **served)
    outer, _, inner = subject.partition(".")
    scene.pages[inner]["embed"] = {"it": {asked.kind: resource, **dict(asked.attributes)}}
    scene.flow = [{"open": outer}]
    scene.expect[f"{subject}.it"] = "blocked" if row.expect.get("blocked") else "loaded"
    unseen = {name: "nothing shows it" for name in row.expect if name != "blocked"}
    return Act(scene, {"blocked": f"{subject}.it"}, unseen)
