"""Popups whose response a service worker makes."""

from __future__ import annotations

from dataclasses import replace

from isolab.conform.headers import FIELDS
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.stages.script import as_script, at, given, page_with, script_with
from isolab.policy.response import Hop

_SYNTHETIC = "service worker synthetic response"
_WORKER_HEADERS = {None: (), "COOP+COEP": ((FIELDS["coop"], "same-origin"), (FIELDS["coep"], "require-corp"))}


def serve(scene: Scene, popup: Hop, row: Row) -> None:
    """Have a service worker answer for the popup, with a response of its own making: of the same body and policies.

    Raises NotStagedError for other ways of being served.
    """
    part = row.setting["popup"]
    if part["served_by"] != _SYNTHETIC or part.get("service_worker_script_headers") not in _WORKER_HEADERS:
        raise NotStagedError("the popup is served in a way that is not known")
    headers = _WORKER_HEADERS[part.get("service_worker_script_headers")]
    script = as_script(replace(popup, headers=headers), "/worker.js")
    options = given({"path": popup.url.removeprefix(str(popup.origin))})
    scene.page("worker", script, html=script_with(("loads",), f"serveAt({options})"))
    before = replace(at(popup, "/before"), headers=())
    scene.page("before", before, html=page_with(("loads",), "beServed()"))
    scene.flow = [{"open": "before"}, {"wait": "before", "says": "served"}]
