"""What a run is asked to do, as the command line and the pytest plugin say it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`jobs`: slots per engine (None: by the number of cores); `timeout_s`: replaces every case's own deadline.

    `repeat` runs every case so many times; `retries` gives a case that is not as expected further tries (then it is
    `flaky`); `artifacts` is the folder for the records of failed cases.
    """

    jobs: int | None = None
    timeout_s: float | None = None
    repeat: int = 1
    retries: int = 0
    artifacts: Path | None = None
    headed: bool = False
