"""A row on its stage: the scene that plays it, and which check each of the row's observations stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.scenario.case import Case


@dataclass(frozen=True, slots=True)
class Act:
    """How a row is played: `claims` maps an observation to the name of its check in the scene.

    `unseen` says of the observations that no check shows why that is so.
    """

    scene: Scene
    claims: Mapping[str, str]
    unseen: Mapping[str, str]


def act_of(scene: Scene, row: Row, checks: Mapping[str, str], why: str = "nothing in the scene shows it") -> Act:
    """Make the act of a row whose observations stand on these checks, those that have one; `why` the others do not."""
    claims = {name: checks[name] for name in row.expect if name in checks}
    return Act(scene, claims, {name: why for name in row.expect if name not in claims})


@dataclass(frozen=True, slots=True)
class Staged:
    """A row and the case that plays it."""

    row: Row
    act: Act
    case: Case
