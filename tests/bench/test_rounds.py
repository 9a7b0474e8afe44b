from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import rounds
from report_runs import OPENER, a_case, passed, run_of, severed, tally_of

from isolab.reports.document import document
from isolab.reports.json_file import render
from isolab.runner.result import CaseResult, CheckResult, Cut

CASE = a_case()
STATE = "https://idp.example/login?state={}&error=access_denied"


def held(tmp_path: Path, *told: Sequence[CaseResult]) -> list[str]:
    """The changes from the first round to the second."""
    paths = [tmp_path / f"{number}.json" for number in range(len(told))]
    for path, results in zip(paths, told, strict=True):
        path.write_text(render(document(tally_of(run_of(results)))), encoding="utf-8")
    return list(rounds.changes(*map(rounds.results, paths)))


def saying(url: str) -> CaseResult:
    return replace(passed(CASE), checks=(CheckResult(OPENER, url, "preserved", ok=True),))


def cut_at(url: str) -> CaseResult:
    cut = Cut(url, 200, "Cross-Origin-Opener-Policy: same-origin", "unsafe-none", "same-origin")
    return replace(severed(CASE), cuts={"popup": cut})


def test_nothing_has_changed_in_the_same_round(tmp_path: Path) -> None:
    round_ = [passed(CASE), severed(CASE)]
    assert held(tmp_path, round_, round_) == []


def test_another_outcome_has_changed(tmp_path: Path) -> None:
    flaky = replace(passed(CASE), outcome="flaky", attempts=2)
    assert held(tmp_path, [passed(CASE)], [flaky]) == [
        f"chromium: {CASE.id}: attempts: 1, now 2",
        f"chromium: {CASE.id}: outcome: passed, now flaky",
    ]


def test_another_observation_has_changed_whatever_the_outcome(tmp_path: Path) -> None:
    (change,) = held(tmp_path, [saying("preserved")], [saying("severed")])
    assert change.startswith(f"chromium: {CASE.id}: popup.opener: ")


def test_another_response_that_cuts_has_changed(tmp_path: Path) -> None:
    told = held(tmp_path, [cut_at("https://idp.example/login")], [cut_at("https://idp.example/hop")])
    # The last: what its message says names the response, too.
    assert [change.split(": ")[2] for change in told] == ["cut", "cut of popup", "popup.opener"]


def test_a_result_that_only_one_round_has_has_changed(tmp_path: Path) -> None:
    both = [passed(CASE), severed(CASE)]
    assert held(tmp_path, both, [passed(CASE)]) == [f"webkit: {CASE.id}: only in the first"]
    assert held(tmp_path, [passed(CASE)], both) == [f"webkit: {CASE.id}: only in this one"]


def test_each_of_a_case_s_repeated_results_is_held(tmp_path: Path) -> None:
    again = [saying("severed"), saying("preserved")]
    (change,) = held(tmp_path, [saying("preserved"), saying("preserved")], again)
    assert change.startswith(f"chromium: {CASE.id}: popup.opener: ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (STATE.format("q7Gh"), STATE.format("Zz01")),
        ("http://localhost:40123/", "http://localhost:51234/"),
        ("5f0c1d9e-0000-4000-8000-0123456789ab", "6a0c1d9e-1111-4111-9111-ba9876543210"),
        ("eyJhbGciOiJFUzI1NiJ9abc.eyJz.x-Y", "eyJhbGciOiJFUzI1NiJ8cba.eyJ0.z-W"),
    ],
    ids=["state", "port", "identifier", "token"],
)
def test_what_is_random_has_not_changed(before: str, after: str, tmp_path: Path) -> None:
    assert held(tmp_path, [saying(before)], [saying(after)]) == []


def test_the_word_of_an_error_is_not_random(tmp_path: Path) -> None:
    other = STATE.replace("access_denied", "login_required")
    assert len(held(tmp_path, [saying(STATE.format("q7Gh"))], [saying(other.format("q7Gh"))])) == 1


def test_the_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path, [passed(CASE)], [saying("severed")])
    for second, code in ("0", 0), ("1", 1):
        monkeypatch.setattr("sys.argv", ["rounds.py", f"{tmp_path}/0.json", f"{tmp_path}/{second}.json"])
        assert rounds.main() == code
    assert capsys.readouterr().out.splitlines()[0] == "2 rounds of 1 results, 0 changes"
