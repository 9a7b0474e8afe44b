"""Scenes of pages that are no secure contexts: kind secure-context."""

from __future__ import annotations

from isolab.conform.kinds.secure_context import Asked, read_in_frame
from isolab.conform.kinds.worker import Asked as AskedByWorker
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import embed, popup, worker
from isolab.policy.document import Document
from isolab.policy.request import Request
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
        return _by_worker(row, asked, asked.environment)
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


def _by_worker(row: Row, asked: Asked, made: Worker) -> Act:
    """What a worker of the frame asks for. Raises NotStagedError where that is no plain fetch."""
    attributes = dict(asked.attributes)
    if asked.kind != "fetch" or attributes.get("mode") != "no-cors" or len(asked.hops) != 1:
        raise NotStagedError("a worker of a frame asks for one response, without CORS")
    (frame,) = made.owners
    if not isinstance(frame, Document):
        raise NotStagedError("no worker makes the worker here")
    fetches = AskedByWorker(made, Request("fetch", "no-cors", "same-origin"), asked.hops[0])
    return worker.act_of_fetch(row, fetches, frame.top.response)
