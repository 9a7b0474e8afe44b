"""A failed case as messages that point into its scenario file: expected, observed, predicted, and what cut the link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from isolab.explain.explain import case_false_fixes, case_mend
from isolab.explain.false_fixes import ISOLATION_FACTS, about
from isolab.reports.words import one_line, plural, say, set_by, short_urls, visible
from isolab.runner.result import CaseResult, CheckResult, Cut, EngineInfo
from isolab.scenario.case import Check
from isolab.scenario.excerpt import excerpt

_DEFAULT_GUTTER = 2


@dataclass(frozen=True, slots=True)
class _Told:
    """What the messages of a case have said already: the cuts, and the windows whose mend."""

    cuts: set[Cut] = field(default_factory=set)
    mended: set[str] = field(default_factory=set)


def messages(result: CaseResult, info: EngineInfo | None) -> list[str]:
    """Every message of a failed or erroneous case, ready to be shown: harmless text, several lines each.

    What the pages did is told first where a step could not be done; else it follows from what cut the link.
    """
    whole, checks = case_message(result, info), list(check_messages(result, info).values())
    return [*checks, *whole] if result.error_span is None and result.cut is not None else [*whole, *checks]


def case_message(result: CaseResult, info: EngineInfo | None) -> list[str]:
    """Write the message about the case as a whole (none or one): it stopped, so its expectations say little.

    Where a step of the scenario file could not be done, that step is shown.
    """
    if result.error is None:
        return []
    what = "failed" if result.outcome == "failed" else "could not be judged"
    title = f"error: {result.case.id} {what} in {engine_title(result, info)}"
    return [visible("\n".join([title, *_where_and_why(result, result.error)]))]


def _where_and_why(result: CaseResult, why: str) -> Iterator[str]:
    step, notes = result.error_span, list(_case_notes(result))
    if step is None:
        yield f"  --> {result.case.scenario}"
        yield from _lines([("why", why), *notes], _DEFAULT_GUTTER)
    else:
        yield excerpt(result.case.source, step, one_line(why))
        yield from _lines(notes, len(str(step.line)))


def check_messages(result: CaseResult, info: EngineInfo | None) -> dict[int, str]:
    """For the index of each check that is not as expected its message.

    A case's own error is not repeated there, nor is it said what was not seen after a step that was not done.
    """
    told = _Told()
    return {
        index: _check_message(result, check, engine_title(result, info), told)
        for index, check in enumerate(result.checks)
        if not check.ok and not _told_with_the_case(result, check)
    }


def _told_with_the_case(result: CaseResult, check: CheckResult) -> bool:
    """Whether it only repeats the case's error, or says what never came after a step that was not done.

    Where a link was cut, that may be why the step was not done: then it is told.
    """
    if check.error is not None:
        return check.error == result.error
    return result.error_span is not None and not result.cuts and check.observed is None


def engine_title(result: CaseResult, info: EngineInfo | None) -> str:
    """`webkit 2.50.6`, or the bare name where the version is not known."""
    return f"{info.name} {info.version}" if info is not None else result.engine


def cut_sentence(cut: Cut) -> str:
    """Write ``the response 200 of URL with `Name: value`: from unsafe-none to same-origin``."""
    kind = "redirect" if cut.redirect else "response"
    sent = f"with `{cut.header}`" if cut.header else "without the header"
    return f"the {kind} {cut.status} of {short_urls(cut.url)} {sent}: from {cut.from_policy} to {cut.to_policy}"


def _check_message(result: CaseResult, check: CheckResult, engine: str, before: _Told) -> str:
    """Write the message of a check; who sends such a header, and what mends it, is told once."""
    span = check.check.span
    head = [f"error: {_title(check, engine)}", excerpt(result.case.source, span, one_line(_beside(check)))]
    told = [
        *_standard(check),
        *_cut(result, check, before.cuts),
        *_mends(result, check, before.mended),
        *_header_mend(result, check),
        *([("note", check.note)] if check.note else []),
        *_false_fix(result, check),
    ]
    notes = [("case", result.case.id), *told, *_case_notes(result)]
    return visible("\n".join([*head, *_lines(notes, len(str(span.line)))]))


def _title(check: CheckResult, engine: str) -> str:
    what = check.check.what
    if check.error is not None:
        return f"{what} could not be judged in {engine}"
    return f"{what} is {observed(check)} in {engine}, expected {say(check.check.expected)}"


def _beside(check: CheckResult) -> str:
    """Write what stands beside the caret."""
    return check.error if check.error is not None else f"observed: {observed(check)}"


def observed(check: CheckResult) -> str:
    """Name the value that the engine showed, in a scenario file's words, or that there was none."""
    return say(check.observed) if check.seen else "not seen"


def _standard(check: CheckResult) -> Iterator[tuple[str, str]]:
    if check.predicted is None:
        if check.reason:
            yield "standard", short_urls(check.reason)
        return
    side = ""
    if check.predicted == check.check.expected:
        side = ", as expected"
    elif check.seen and check.predicted == check.observed:
        side = ", as observed"
    reason = f": {short_urls(check.reason)}" if check.reason else ""
    yield "standard", f"predicts {say(check.predicted)}{side}{reason}"


def _cut(result: CaseResult, check: CheckResult, told: set[Cut]) -> Iterator[tuple[str, str]]:
    # The cut explains opener links and handles; an embed's load has its own reason.
    if result.cut is not None and check.check.fact != "load":
        cut = result.cuts.get(check.check.subject, result.cut)
        yield "cut by", cut_sentence(cut)
        if cut in told:
            return
        told.add(cut)
        if names := set_by(cut.usually_set_by, cut.header, cut.from_policy):
            yield "often set by", names


def _mends(result: CaseResult, check: CheckResult, told: set[str]) -> Iterator[tuple[str, str]]:
    """Say whose header mends it where a link was to last; nothing where another expectation wants it cut."""
    window = _was_to_last(result, check)
    if window in result.cuts and window not in told and not _to_be_cut(result, window):
        told.add(window)
        yield from _mend(result, window, result.cuts[window])


def _header_mend(result: CaseResult, check: CheckResult) -> Iterator[tuple[str, str]]:
    """Say what lets something load, or isolates a page; not where a popup must keep its opener beside isolation."""
    wanted, lasting = check.check.expected, any(_lasting(each.check) for each in result.checks)
    if check.mend and (wanted == "loaded" or (wanted is True and not lasting)):
        yield "mend", short_urls(check.mend)


def _was_to_last(result: CaseResult, check: CheckResult) -> str:
    """The window whose link was to last by an expectation: words that never came may have had to come over it."""
    fact, expected = check.check.fact, check.check.expected
    if fact.startswith("says.") and expected is not None and check.observed is None:
        return next((window for window in result.cuts if not _to_be_cut(result, window)), "")
    return check.check.subject if _lasting(check.check) else ""


def _lasting(check: Check) -> bool:
    """Whether a window's link is to last."""
    return (
        check.expected == "preserved" if check.fact == "opener" else check.fact == "closed" and check.expected is False
    )


def _to_be_cut(result: CaseResult, window: str) -> bool:
    asked = [each.check for each in result.checks if each.check.fact == "opener" and each.check.subject == window]
    return any(check.expected != "preserved" for check in asked)


def _wants_isolation(result: CaseResult) -> bool:
    return any(c.check.fact in ISOLATION_FACTS and c.check.expected is True for c in result.checks)


def _mend(result: CaseResult, window: str, cut: Cut) -> Iterator[tuple[str, str]]:
    """Say what keeps the link."""
    # What the flow tells has the addresses of the file; what was sent has those of a server of the user's own, too.
    found = case_mend(result.case, window) or result.mends.get(window)
    if found is not None and not (found.isolated and _wants_isolation(result)):
        yield "mend", short_urls(str(found))
    elif found is None and result.case.upstreams:
        yield "mend", _by_the_cut(cut)


def _by_the_cut(cut: Cut) -> str:
    """What is to be said of responses of which only that one is known here."""
    if cut.header:
        return f"send no Cross-Origin-Opener-Policy on {short_urls(cut.url)}"
    return (
        f"send same-origin-allow-popups, not {cut.from_policy}, on the page before {short_urls(cut.url)} or its opener"
    )


def _false_fix(result: CaseResult, check: CheckResult) -> Iterator[tuple[str, str]]:
    """Call out a header that is taken for the mend or the cause of this; one line is enough here."""
    subject, fact = check.check.subject, check.check.fact
    for fix in about(case_false_fixes(result.case), subject, fact, result.engine):
        yield fix.title, f"{short_urls(fix.text)}; {fix.instead}"
        return


def _case_notes(result: CaseResult) -> Iterator[tuple[str, str]]:
    if result.attempts > 1:
        yield "tried", plural(result.attempts, "time")
    for artifact in result.artifacts:
        yield "artifact", artifact


def _lines(notes: list[tuple[str, str]], gutter: int) -> Iterator[str]:
    """Put the notes under an excerpt, in line with its gutter."""
    for name, text in notes:
        first, *rest = text.splitlines() or [""]
        yield f"{' ' * gutter} = {name}: {first}"
        yield from (f"{' ' * gutter}   {line}" for line in rest)
