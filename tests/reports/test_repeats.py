from __future__ import annotations

from dataclasses import replace

from report_runs import CHROMIUM, WEBKIT, a_case, severed

from isolab.reports.failure import messages
from isolab.reports.repeats import Repeats
from isolab.reports.tally import Tally
from isolab.runner.result import CaseResult, EngineInfo


def told(repeats: Repeats, result: CaseResult, info: EngineInfo) -> str:
    (message,) = messages(result, info)
    return repeats.told(result, message)


def in_both(case_id: str = "a/b") -> tuple[CaseResult, CaseResult]:
    case = a_case(case_id)
    return severed(case, CHROMIUM), severed(case, WEBKIT)


def both() -> Repeats:
    return Repeats(Tally(engines={"chromium": CHROMIUM, "webkit": WEBKIT}))


def test_what_another_engine_did_as_well_is_told_in_short() -> None:
    repeats, (first, second) = both(), in_both()
    assert told(repeats, first, CHROMIUM) == messages(first, CHROMIUM)[0]
    text = told(repeats, replace(second, artifacts=()), WEBKIT)
    assert text.splitlines() == [
        "error: popup.opener is severed in webkit 2.50.6, expected preserved",
        " --> scenarios/signin/popup.yaml:3:17",
        "  = case: a/b",
        "  = as in chromium 131.0, above",
    ]


def test_what_was_kept_of_each_is_told_of_each() -> None:
    repeats, (first, second) = both(), in_both()
    told(repeats, replace(first, artifacts=("kept/chromium/record.json",)), CHROMIUM)
    text = told(repeats, replace(second, artifacts=("kept/webkit/record.json",)), WEBKIT)
    assert text.endswith("= as in chromium 131.0, above\n  = artifact: kept/webkit/record.json")


def test_what_differs_is_told_whole() -> None:
    repeats, (first, second) = both(), in_both()
    told(repeats, first, CHROMIUM)
    other = replace(second, checks=tuple(replace(check, observed="noopener") for check in second.checks))
    assert told(repeats, other, WEBKIT) == messages(other, WEBKIT)[0]


def test_another_case_and_another_try_in_the_same_engine_are_told_whole() -> None:
    repeats, (first, _) = both(), in_both()
    told(repeats, first, CHROMIUM)
    assert told(repeats, first, CHROMIUM) == messages(first, CHROMIUM)[0]
    _, elsewhere = in_both("c/d")
    assert told(repeats, elsewhere, WEBKIT) == messages(elsewhere, WEBKIT)[0]
