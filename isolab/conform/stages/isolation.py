"""Scenes of pages, and frames in them, that are isolated or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isolab.conform.kinds.isolation import read_document
from isolab.conform.reader import Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import popup
from isolab.scenario.case import Scalar

FINE_US = 50
"""The largest step of a clock that counts as fine, in microseconds: what the fact `timers` says."""

_FACTS: Mapping[str, tuple[str, Callable[[Json], Scalar]]] = {
    "crossOriginIsolated": ("crossOriginIsolated", bool),
    "typeof_SharedArrayBuffer": ("SharedArrayBuffer", lambda value: value == "function"),
    "shared_memory_clone": ("sharedMemory", lambda value: value == "allowed"),
    "timer_min_resolution_us": ("timers", lambda value: "fine" if value <= FINE_US else "coarse"),
}
"""Which fact an observation is, and what the fact reads."""


def act(row: Row) -> Act:
    """Play a row of the kind coi. Raises NotStagedError."""
    if "popup" in row.setting:
        return _popup(row)
    scene = Scene(row.id)
    subject = scene.nest(read_document(Reader(row.setting)))
    scene.flow = [{"open": subject.partition(".")[0]}]
    claims, unseen = _expect(scene, row, subject, _FACTS)
    return Act(scene, claims, unseen)


def _popup(row: Row) -> Act:
    """What is stated of a popup's isolation, beside what is stated of the way that it was opened."""
    played = popup.act(row)
    claims, unseen = _expect(played.scene, row, "popup", _FACTS)
    return Act(played.scene, {**played.claims, **claims}, {k: v for k, v in unseen.items() if k in played.unseen})


def _expect(
    scene: Scene, row: Row, subject: str, facts: Mapping[str, tuple[str, Callable[[Json], Scalar]]]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    claims: dict[str, str] = {}
    unseen: dict[str, str] = {}
    for name, value in row.expect.items():
        if name not in facts:
            unseen[name] = "nothing in the flow shows it"
            continue
        fact, read = facts[name]
        claims[name] = f"{subject}.{fact}"
        scene.expect[claims[name]] = read(value)
    return claims, unseen
