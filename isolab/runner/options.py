"""What a run is asked to do, as the command line and the pytest plugin say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`jobs`: slots per engine (None: by the number of cores); `timeout_s`: replaces every case's own deadline.

    `repeat` runs every case so many times; `retries` gives a case that is not as expected further tries (then it is
    `flaky`); `artifacts` is the folder for the records of failed cases; `firefox_preferences` are set in Firefox.
    """

    jobs: int | None = None
    timeout_s: float | None = None
    repeat: int = 1
    retries: int = 0
    artifacts: Path | None = None
    headed: bool = False
    firefox_preferences: Mapping[str, bool | int | str] = field(default_factory=dict)
