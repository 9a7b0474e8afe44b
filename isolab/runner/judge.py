"""From what was observed to an outcome: expectation, known difference, control and the engine's own enforcement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from isolab.runner.control import ISOLATION_HEADERS, required
from isolab.runner.events import Enforcement
from isolab.runner.observe import UNSEEN, Observation, Unseen
from isolab.runner.result import CaseResult, CheckResult, Cut, EngineInfo, Outcome
from isolab.runner.trial import Flown
from isolab.scenario.case import Check, Difference, EngineName, Scalar, same


@dataclass(frozen=True, slots=True)
class Bench:
    """What a judge needs besides the flight: the engine, what it enforces, and the control's observations by name.

    `control_error` says how the control's flight ended early or contradicted itself.
    """

    engine: EngineInfo
    enforcement: Enforcement
    control: Mapping[str, Observation] = field(default_factory=dict)
    control_error: str | None = None


def claims(flown: Flown) -> bool:
    """Whether any observation needs a control."""
    return any(required(check, observed) for check, observed in flown.observed.items())


def compared(bench: Bench, flown: Flown, control: Flown) -> Bench:
    """The bench with what a control shows of a case.

    One that went on without words that it waited for may have been asked too early. So it has nothing to say of a
    window that had not come to the page yet that counts: a link that lasts to a later page has lasted to that one.
    """
    behind = _behind(flown, control)
    shown = {check.what: value for check, value in control.observed.items() if _window(check) not in behind}
    early = f"it waited in vain for words, and {', '.join(behind)} had not come as far as in the case"
    error = control.step_error or control.contradiction or (early if behind else None)
    return replace(bench, control=shown, control_error=error)


def _behind(flown: Flown, control: Flown) -> list[str]:
    """The windows that a hurried control had not taken to the page that counts.

    That is the case's first without an opener, else its last: what comes after the cut (a page that complains of it) no
    control need show.
    """
    if not control.hurried:
        return []
    shown = {name: {page for page, _ in pages} for name, pages in control.came_to.items()}
    counts = {
        name: next((page for page, linked in pages if not linked), pages[-1][0])
        for name, pages in flown.came_to.items()
        if pages
    }
    return [name for name, page in counts.items() if page not in shown.get(name, ())]


def _window(check: Check) -> str:
    return check.subject.partition(".")[0]


def unproven(flown: Flown, bench: Bench) -> bool:
    """Whether an observation needs a control, and this one does not show what it has to."""
    return any(_uncontrolled(check, _claimed(check, flown, bench), bench) for check in flown.observed)


def disappoints(flown: Flown, engine: EngineName) -> bool:
    """Whether the flight shows anything that no expectation and no known difference of its engine foresees."""
    unforeseen = any(not _foreseen(check, flown, engine) for check in flown.observed)
    stopped = flown.step_error or flown.contradiction or flown.record.crashes or flown.record.unanswered
    return unforeseen or bool(stopped)


def _foreseen(check: Check, flown: Flown, engine: EngineName) -> bool:
    possible = [flown.observed[check]]
    if check.subject in flown.linked and possible == ["severed"]:
        possible.append("noopener")  # which of the two, the control tells
    return any(check.allows(one, engine) for one in possible)


def judge(flown: Flown, bench: Bench) -> CaseResult:
    """The result of a case in an engine."""
    if flown.record.unanswered:
        return _unanswered(flown, bench)
    checks = tuple(_check(check, flown, bench) for check in flown.case.checks if bench.engine.name in check.engines)
    outcome = _outcome(flown, checks)
    return CaseResult(
        case=flown.case,
        engine=bench.engine.name,
        outcome=outcome,
        duration_s=flown.duration_s,
        checks=checks,
        cuts=dict(_cuts(flown, checks, bench.enforcement)),
        error=_error(flown, outcome, checks),
        error_span=flown.step_span,
        timeline=flown.timeline,
        mends=flown.mends,
    )


def _unanswered(flown: Flown, bench: Bench) -> CaseResult:
    """The result where a server of the user's own does not answer: whatever else is not as expected comes of it."""
    why = flown.record.unanswered
    place = next((each.span for each in flown.case.upstreams.values() if each.host in why), None)
    told = tuple(why.values())
    return CaseResult(
        case=flown.case,
        engine=bench.engine.name,
        outcome="error",
        duration_s=flown.duration_s,
        error="; ".join(told),
        error_span=place,
        unavailable=told,
    )


def _outcome(flown: Flown, checks: tuple[CheckResult, ...]) -> Outcome:
    if flown.contradiction or flown.record.crashes or any(c.error for c in checks):
        return "error"
    if flown.step_error or not all(c.ok for c in checks):
        return "failed"
    if any(c.unexpected_pass for c in checks):
        return "unexpected-pass"
    return "known-difference" if any(c.difference for c in checks) else "passed"


def _error(flown: Flown, outcome: Outcome, checks: tuple[CheckResult, ...]) -> str | None:
    """What went wrong with the case as a whole; some of it matters only where something is not as expected."""
    contradiction = flown.contradiction and f"two witnesses contradict each other: {flown.contradiction}"
    told = [flown.record.crashed(), contradiction, flown.step_error]
    if outcome in ("failed", "error"):
        record = flown.record
        told += [record.refusals(), record.strayed(), record.silenced(), record.no_pages()]
        if any(told) or any(not check.ok and check.observed is None for check in checks):
            # Many a page has an error that changes nothing: told only where something did not happen.
            told.append(record.script_errors())
    return "; ".join(filter(None, told)) or None


def _cuts(flown: Flown, checks: tuple[CheckResult, ...], enforcement: Enforcement) -> Iterator[tuple[str, Cut]]:
    for result in checks:
        prediction = flown.predicted.get(result.check)
        if result.check.fact == "opener" and result.observed == "severed" and prediction and prediction.cut:
            yield result.check.subject, prediction.cut
    # No control was flown for a link that nobody asks of: the calibration has to do.
    if enforcement.keeps_opener and enforcement.severs:
        yield from flown.cuts.items()


def _check(check: Check, flown: Flown, bench: Bench) -> CheckResult:
    told = flown.observed.get(check, UNSEEN)
    prediction = flown.predicted.get(check)
    observed = _by_link(check, flown, bench, told)
    difference = _difference(check, bench.engine)
    unproved = _uncontrolled(check, _claimed(check, flown, bench), bench)
    error = _hollow(check, _sent(flown), bench.enforcement) or unproved
    expected = same(observed, check.expected)
    as_known = difference is not None and same(observed, difference.observed)
    ok = (expected or as_known) and error is None
    seen: Scalar = None if isinstance(observed, Unseen) else observed
    return CheckResult(
        check=check,
        observed=seen,
        predicted=prediction.value if prediction else None,
        ok=ok,
        seen=not isinstance(observed, Unseen),
        difference=difference if ok and expected != as_known else None,
        unexpected_pass=ok and difference is not None and not as_known,
        error=error,
        reason=prediction.reason if prediction else "",
        mend=prediction.mend if prediction else "",
        note=_NO_MEMORY if _lacks_memory(check, bench.enforcement) else "",
    )


def _claimed(check: Check, flown: Flown, bench: Bench) -> Observation:
    """What a control has to be held against: a link that is severed there, too, was never made here either."""
    told = flown.observed.get(check, UNSEEN)
    return _by_link(check, flown, bench, told) if bench.control.get(check.what) == "severed" else told


def _by_link(check: Check, flown: Flown, bench: Bench, observed: Observation) -> Observation:
    """A link gives no handle to tell severed from never made.

    Where the control has no opener either, none was made; and of two fates that nobody can tell apart it is the one
    that the rules have for it (a frame of another origin in a page with COOP makes none).
    """
    linked = check.fact == "opener" and check.subject in flown.linked and observed == "severed"
    prediction = flown.predicted.get(check)
    made_none = bench.control.get(check.what) == "severed" or (prediction and prediction.value == "noopener")
    return "noopener" if linked and made_none else observed


def _uncontrolled(check: Check, observed: Observation, bench: Bench) -> str | None:
    wanted = required(check, observed)
    if wanted is None:
        return None
    shown = bench.control.get(check.what, UNSEEN)
    if same(shown, wanted):
        return None
    why = f" ({bench.control_error})" if bench.control_error else ""
    return f"the control (the same without isolation headers) shows {shown} and not {wanted}{why}: this proves nothing"


_UNMEASURED = "the calibration did not see within its time whether this engine {}: so this check proves nothing"


def _sent(flown: Flown) -> set[str]:
    """The isolation headers of the case: those in the file, and those that a server of the user's own has sent."""
    written = (name for page in flown.case.pages.values() for name, _ in page.headers)
    served = (name for served in flown.record.requests for name, _ in served.headers)
    return {name.lower() for name in (*written, *served)} & ISOLATION_HEADERS


def _hollow(check: Check, sent: set[str], enforcement: Enforcement) -> str | None:
    """Why a check would pass or fail without meaning anything in an engine that enforces nothing, or may not."""
    if check.fact in ("opener", "closed", "ending", "domAccess"):
        return _hollow_link(enforcement, coop="cross-origin-opener-policy" in sent)
    if check.fact == "crossOriginIsolated" and sent:
        if enforcement.isolates is False:
            return "this engine isolates no page (see the calibration): whether this one is means nothing"
        if enforcement.isolates is None:
            return _UNMEASURED.format("isolates a page")
    return None


_NO_MEMORY = "this engine shares no memory in any isolated page (see the calibration): its build, not a header"


def _lacks_memory(check: Check, enforcement: Enforcement) -> bool:
    """Whether memory is expected of an engine that shares none."""
    asked = check.fact in ("SharedArrayBuffer", "sharedMemory") and check.expected is True
    return asked and enforcement.isolates is True and enforcement.shares_memory is False


def _hollow_link(enforcement: Enforcement, *, coop: bool) -> str | None:
    if enforcement.severs is False and coop:
        return "this engine does not enforce COOP (see the calibration): no opener check means anything in it"
    if enforcement.keeps_opener is False:
        return "this engine keeps no opener link even without headers: no opener check means anything in it"
    if enforcement.keeps_opener is None:
        return _UNMEASURED.format("keeps an opener link without headers")
    return _UNMEASURED.format("enforces COOP") if enforcement.severs is None and coop else None


def _difference(check: Check, engine: EngineInfo) -> Difference | None:
    version = re.match(r"\d+(\.\d+)*", engine.version)
    for difference in check.differences:
        if difference.engine != engine.name:
            continue
        everywhere = not difference.versions or version is None
        if everywhere or (version and SpecifierSet(difference.versions).contains(Version(version.group()))):
            return difference
    return None
