from __future__ import annotations

from hypothesis import given
from report_runs import a_case, passed, run_of, severed, tally_of
from results_files import ROWS, results_files

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.merge import merged
from isolab.reports.merge_rows import merged_rows
from isolab.reports.retold import exit_code_of
from isolab.runner.events import RunFinished


def part(engine: int, **more: object) -> ResultsFile:
    case = a_case()
    results = document(tally_of(run_of([(passed, severed)[engine](case)])))
    results["engines"] = [results["engines"][engine]]
    return {**results, **more}  # type: ignore[typeddict-item]  # keys of a results file


def test_one_file_is_itself() -> None:
    one = part(0)
    assert merged([one]) == one


def test_engines_of_several_machines_are_one_run() -> None:
    made = merged([part(0), part(1)])
    assert [engine["name"] for engine in made["engines"]] == ["chromium", "webkit"]
    assert [result["engine"] for result in made["results"]] == ["chromium", "webkit"]
    assert (made["summary"]["passed"], made["summary"]["failed"]) == (1, 1)
    assert made["duration_s"] == 6.5
    assert exit_code_of(made) == 1


def test_the_first_start_counts_and_what_went_wrong_anywhere() -> None:
    later = part(1, started="2026-11-23T00:00:00Z", interrupted=True, not_run=2, notes=["n"], defects=["d"])
    made = merged([later, part(0, unavailable=["u"], not_run=1)])
    assert made["started"] == "2026-11-22T10:00:00Z"
    assert (made["interrupted"], made["not_run"], made["notes"]) == (True, 3, ["n"])
    assert (made["defects"], made["unavailable"]) == (["d"], ["u"])


def test_an_engine_that_failed_anywhere_has_failed() -> None:
    failed = document(tally_of(run_of([], failed="no display")))
    assert merged([part(1), failed])["engines"][0]["failed"] == "no display"


def test_several_versions_under_one_name_are_noted() -> None:
    other = part(0)
    other["engines"] = [{**other["engines"][0], "version": "132.0"}]
    assert merged([part(0), other, part(0)])["notes"] == [
        "chromium stands for several versions here: 131.0, 132.0",
        f"of several files, and counted each time: 1 result, such as {a_case().id}",
    ]


def test_a_case_of_several_files_counts_each_time_and_that_is_noted() -> None:
    made = merged([part(0), part(1), part(0)])
    assert (made["summary"]["passed"], made["summary"]["failed"]) == (2, 1)
    assert made["notes"] == [f"of several files, and counted each time: 1 result, such as {a_case().id}"]


def test_a_scenario_file_that_changed_between_is_noted() -> None:
    (path,) = part(0)["scenarios"]
    made = merged([part(0), part(1, scenarios={path: "title: another\n"})])
    assert made["scenarios"] == {path: "title: another\n"}
    assert made["notes"] == [f"{path} had 2 texts, of which the last is shown: lines that are told may be of another"]


def test_rows_of_conformance_runs_are_put_together() -> None:
    made = merged([part(0, conformance=ROWS), part(1), part(1, conformance=ROWS)])
    assert made["conformance"] == merged_rows([ROWS, ROWS])


def test_what_any_run_has_measured_of_an_engine_is_kept() -> None:
    """The first did not start here; the others have seen different things of it."""
    unmeasured, blind, lacking = part(1), part(1), part(1)
    for results, severs in ((blind, None), (lacking, False)):
        (engine,) = results["engines"]
        assert engine["enforcement"] is not None
        gap = [f"severs: {severs}"]
        results["engines"] = [{**engine, "enforcement": {**engine["enforcement"], "severs": severs, "detail": gap}}]
    unmeasured["engines"] = [{**unmeasured["engines"][0], "enforcement": None}]
    for order in ([unmeasured, blind, lacking], [lacking, blind, unmeasured]):
        (engine,) = merged(order)["engines"]
        assert engine["enforcement"] is not None
        assert engine["enforcement"]["severs"] is False
        assert sorted(engine["enforcement"]["detail"]) == ["severs: False", "severs: None"]


def test_what_several_files_say_alike_is_said_once() -> None:
    alike = {"notes": ["the clock is coarse"], "unavailable": ["webkit is not here"]}
    made = merged([part(0, **alike), part(1, **alike)])
    assert {key: value for key, value in made.items() if key in alike} == alike


@given(results_files(), results_files(), results_files())
def test_it_does_not_matter_how_files_are_put_together(a: ResultsFile, b: ResultsFile, c: ResultsFile) -> None:
    at_once, in_turn = merged([a, b, c]), merged([merged([a, b]), c])
    # A sentence about versions is a note of its own by then.
    rest = [{k: v for k, v in made.items() if k not in ("notes", "duration_s")} for made in (at_once, in_turn)]
    assert rest[0] == rest[1]


def test_an_interrupted_run_keeps_its_exit_code() -> None:
    results = document(tally_of(run_of([severed(a_case())], finished=RunFinished(1.0, interrupted=True))))
    assert exit_code_of(merged([results, part(0)])) == 130
