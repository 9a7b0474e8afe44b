"""What a run finds out: the results that reports show and `--json` writes (see docs/results.md for the file)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from isolab.explain.mends import Mend
from isolab.runner.moment import Moment
from isolab.scenario.case import Case, Check, Difference, EngineName, Scalar, Span

Outcome = Literal["passed", "failed", "error", "skipped", "known-difference", "unexpected-pass", "flaky"]
OUTCOMES: tuple[Outcome, ...] = (
    "passed",
    "failed",
    "error",
    "skipped",
    "known-difference",
    "unexpected-pass",
    "flaky",
)


@dataclass(frozen=True, slots=True)
class Cut:
    """The response that severed an opener link: `header` is `Name: value` as sent, or "" where none was sent.

    `usually_set_by` names those who send such a policy without being asked, most likely first.
    """

    url: str
    status: int
    header: str
    from_policy: str
    to_policy: str
    redirect: bool = False
    usually_set_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One expectation beside what was observed and what the standard predicts (None where it says nothing).

    `ok` is true when observed is as expected, or as the `difference` has it. `error` says why a check could
    not be judged (two witnesses that contradict each other, a control that fails): then `ok` is false.
    `reason` is the standard's explanation of the prediction, one sentence; `mend` the change of headers with which
    something embedded is loaded, or a page isolated, "" where there is none; `note` what the engine itself has to do
    with it, "" for nothing.
    """

    check: Check
    observed: Scalar
    predicted: Scalar
    ok: bool
    seen: bool = True
    difference: Difference | None = None
    unexpected_pass: bool = False
    error: str | None = None
    reason: str = ""
    mend: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case in one engine; `duration_s` in seconds without controls; `attempts` counts retries too.

    `error` says why the case could not be walked or judged as a whole, `error_span` which step that was. `cuts` has
    for the name of each popup that was severed the response that did it, `cut` the first of them. `unavailable` says
    which servers of the user's own did not answer. `timeline` is what happened, in the order of time. `mends` has for
    such a popup the change of headers with which it keeps its opener, by the responses that were really sent.
    """

    case: Case
    engine: EngineName
    outcome: Outcome
    duration_s: float
    checks: tuple[CheckResult, ...] = ()
    cuts: Mapping[str, Cut] = field(default_factory=dict)
    error: str | None = None
    error_span: Span | None = None
    skipped: str | None = None
    artifacts: tuple[str, ...] = ()
    attempts: int = 1
    unavailable: tuple[str, ...] = ()
    timeline: tuple[Moment, ...] = field(default=(), repr=False)
    mends: Mapping[str, Mend] = field(default_factory=dict)

    @property
    def cut(self) -> Cut | None:
        """The response that severed the first popup that was severed."""
        return next(iter(self.cuts.values()), None)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """An engine that takes part in the run."""

    name: EngineName
    version: str
    driver: Literal["playwright", "webdriver"]
    executable: str
