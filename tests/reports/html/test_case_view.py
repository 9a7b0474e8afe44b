from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pictured import ENGINES, TEXT, case_of, file_of, result_of, since, timeline
from report_runs import CHROMIUM, WEBKIT

from isolab.reports.form import CutEntry, ResultEntry, ResultsFile
from isolab.reports.html.case_view import Views, command, cut, parted
from isolab.reports.html.overview import folders
from isolab.runner.result import CaseResult, Outcome


def shown(*results: CaseResult, file: ResultsFile | None = None) -> dict[str, Any]:
    found = file or file_of(iter(results))
    return Views(found).case(folders(found)[0].groups[0].rows[0])


def of(*outcomes: Outcome) -> dict[str, Any]:
    """One case, in as many engines as there are outcomes."""
    return shown(*(result_of(case_of(0), engine, each) for engine, each in zip(ENGINES, outcomes, strict=False)))


def test_engines_are_side_by_side_under_one_expectation() -> None:
    facts = of("passed", "failed", "known-difference")["facts"]
    assert [(fact["what"], fact["expected"], fact["line"]) for fact in facts] == [
        ("login.opener", "preserved", 10),
        ("app.says.token", "t0k3n", 11),
        ("app.crossOriginIsolated", "true", 12),
    ]
    assert [(one["engine"], one["value"], one["verdict"], one["good"]) for one in facts[0]["observed"]] == [
        ("chromium", "preserved", "as expected", True),
        ("firefox", "severed", "not as expected", False),
        ("webkit", "preserved", "as expected", True),
    ]
    assert facts[1]["observed"][1]["value"] == "not seen"
    assert facts[2]["observed"][2]["verdict"] == "known difference"
    assert facts[2]["observed"][2]["as_standard"] is False


def test_the_standard_says_it_once_with_its_reason() -> None:
    facts = of("passed", "passed", "passed")["facts"]
    (told,) = facts[0]["standard"]
    assert told["value"] == "preserved"
    assert told["reason"].endswith("the opener link is cut")
    assert facts[1]["standard"] == []


@pytest.mark.parametrize(
    ("outcome", "verdicts"),
    [
        ("error", {"not as expected", "as expected"}),
        ("unexpected-pass", {"as expected", "known difference is gone"}),
        ("skipped", set()),
    ],
)
def test_every_check_has_its_verdict_in_words(outcome: Outcome, verdicts: set[str]) -> None:
    assert {one["verdict"] for fact in of(outcome)["facts"] for one in fact["observed"]} == verdicts


def test_what_could_not_be_judged_says_why() -> None:
    result = result_of(case_of(0), CHROMIUM, "error")
    checks = tuple(replace(check, error="two witnesses contradict each other") for check in result.checks)
    (fact, *_) = shown(replace(result, checks=checks))["facts"]
    assert fact["observed"][0]["verdict"] == "could not be judged"
    assert fact["observed"][0]["error"] == "two witnesses contradict each other"


def test_the_cut_says_who_and_who_usually() -> None:
    (run,) = of("failed")["runs"]
    (by,) = run["cuts"]
    assert (by["window"], by["status"], by["header"]) == ("login", 200, "Cross-Origin-Opener-Policy: same-origin")
    assert by["setters"] == "Django (SecurityMiddleware)"
    assert any("^^^^" in message["excerpt"] for message in run["messages"])


def test_who_sets_the_policy_of_the_page_before_is_not_said_to_set_it_on_the_one_that_has_none() -> None:
    entry: CutEntry = {
        "url": "https://idp.example/login",
        "status": 200,
        "header": "",
        "from": "same-origin",
        "to": "unsafe-none",
        "redirect": False,
        "usually_set_by": ["Django"],
    }
    assert cut("login", entry)["setters"] == "Django (the same-origin before it)"


def test_a_message_is_parted_and_nothing_of_it_is_lost() -> None:
    excerpt = " --> f.yaml:3:1\n  |\n3 | a: c\n  |    ^ observed: b"
    assert parted(f"error: a is b\n{excerpt}\n  = mend: send = this: here\n    and there") == {
        "title": "error: a is b",
        "excerpt": excerpt,
        "notes": [["mend", "send = this: here\nand there"]],
    }
    assert parted("one line") == {"title": "one line", "excerpt": "", "notes": []}


def test_a_known_difference_links_to_its_bug() -> None:
    (difference,) = shown(result_of(case_of(0), WEBKIT, "known-difference"))["runs"][0]["differences"]
    assert difference == {
        "what": "app.crossOriginIsolated",
        "note": "isolation is off by default",
        "versions": ">=2.50",
        "bug": {"text": "https://bugs.webkit.org/1", "href": "https://bugs.webkit.org/1"},
        "gone": False,
    }


def test_the_picture_has_its_times_apart() -> None:
    runs = of("passed", "passed")["runs"]
    assert runs[0]["times"] == "0 20 30 40 50 60 70 90 110 120 310 320 330"
    assert len(runs[0]["moments"]) == len(timeline(severed=False))
    assert all("at_s" not in moment for moment in runs[0]["moments"])


def test_what_is_needed_to_see_it_again_is_there() -> None:
    case = of("failed", "passed")
    assert case["source"] == TEXT
    assert case["scenario"] == "scenarios/signin/number-0.yaml"
    assert case["command"] == "isolab run 'signin/number-0[app.coop=None,hops=0]'"


def test_a_row_of_a_conformance_run_is_seen_again_by_conform() -> None:
    file = file_of(iter([result_of(case_of(0), CHROMIUM, "passed")]))
    told = shown(file={**file, "conformance": {"rows": [], "refused": []}})["command"]
    assert told == "isolab conform -g 'signin/number-0[app.coop=None,hops=0]'"


def test_a_file_without_the_text_of_its_scenarios_is_shown_without() -> None:
    file = file_of(iter([result_of(case_of(0), CHROMIUM, "passed")]))
    assert shown(file={**file, "scenarios": {}})["source"] is None


def a_result(id_: str) -> ResultEntry:
    return file_of(iter([result_of(replace(case_of(0), id=id_), CHROMIUM, "passed")]))["results"][0]


@pytest.mark.parametrize("id_", ["a b", "$(reboot)", "it's", "`x`", "-e", "é"])
def test_the_command_is_one_that_a_shell_takes(id_: str) -> None:
    assert shlex.split(command(a_result(id_))) == ["isolab", "run", id_]


def test_no_command_holds_what_a_terminal_obeys() -> None:
    told = command(a_result("a\nrm -rf x\x1b[2J"))
    assert told.isprintable()


def test_what_changed_since_the_baseline_is_told() -> None:
    file = since(20)
    views, rows = Views(file), folders(file)[0].groups[0].rows
    run: Any = views.case(rows[10])["runs"]
    assert run[1]["change"] == {
        "outcomes": "was passed, is failed",
        "checks": ["login.opener was preserved, is severed", "app.says.token was t0k3n, is not seen"],
    }
    assert run[0]["change"] is None


def test_screenshots_are_in_it(tmp_path: Path) -> None:
    picture = tmp_path / "window-0.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    result = replace(result_of(case_of(0), CHROMIUM, "failed"), artifacts=(str(picture), "gone.png"))
    assert [one["image"] is not None for one in shown(result)["runs"][0]["artifacts"]] == [True, False]
