"""Scenes of sandboxed frames and popups: kind sandbox."""

from __future__ import annotations

from dataclasses import replace

from isolab.conform.kinds.popup import read_creator
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import popup

_HANDLE = "popup_closed_seen_by_opener"


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    if "popup" not in row.setting:
        return _frame(row)
    if read_creator(Reader(row.setting)).may_not_open:
        raise NotStagedError("a sandbox without allow-popups opens no window that could be looked at")
    if row.expect.get("state") != "not-loaded":
        return popup.act(row)
    seen = {name: value for name, value in row.expect.items() if name != _HANDLE}
    played = popup.act(replace(row, expect=seen))
    never = {name: "no check reads the handle of a popup that never loaded" for name in row.expect if name == _HANDLE}
    return replace(played, unseen={**played.unseen, **never})


def _frame(row: Row) -> Act:
    """A frame that opens nothing: what is stated is that it loads."""
    setting = Reader(row.setting)
    creator = read_creator(setting)
    setting.finish()
    if creator.parent is None or creator.inherits is not None:
        raise NotStagedError("the row has no frame with a page of its own")
    scene = Scene(row.id)
    outer, _, inner = scene.nest(creator).partition(".")
    scene.flow = [{"open": outer}]
    loads = {name: value for name, value in row.expect.items() if name == "iframe_loads"}
    for value in loads.values():
        scene.expect[f"{outer}.{inner}"] = "loaded" if value else "blocked"
    unseen = {name: "no check reads the name of a frame" for name in row.expect if name not in loads}
    return Act(scene, dict.fromkeys(loads, f"{outer}.{inner}"), unseen)
