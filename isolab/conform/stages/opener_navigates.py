"""Scenes in which the opener itself goes elsewhere: kind opener-navigates."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.conform.kinds.popup import read_opener_navigates
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.scenario.case import Scalar

_CHECKS: Mapping[str, tuple[str, Mapping[bool, Scalar]]] = {
    "first_popup_closed_seen_by_main": ("first.closed", {True: True, False: False}),
    "opener_in_second_popup": ("second.opener", {True: "preserved", False: "severed"}),
}


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    setting = Reader(row.setting)
    main, middle, to = read_opener_navigates(setting)
    setting.finish()
    scene = Scene(row.id)
    for name, hop in {"main": main, "first": middle, "second": middle, "later": to}.items():
        scene.page(name, hop)
    scene.pages["second"]["path"] = "/second"
    scene.flow = [
        {"open": "main"},
        {"popup": "first"},
        {"popup": "second", "from": "first"},
        {"navigate": "first", "page": "later"},
    ]
    claims = {name: _CHECKS[name][0] for name in row.expect if name in _CHECKS}
    for name, check in claims.items():
        scene.expect[check] = _CHECKS[name][1][bool(row.expect[name])]
    return act_of(scene, row, claims, "nothing in the flow shows it")
