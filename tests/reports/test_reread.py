from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from golden_texts import assert_golden
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from report_runs import a_case, passed, run_of, severed, tally_of, whole_run
from results_files import ROWS, results_files

from isolab.reports import json_file
from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.reread import ResultsError, read


def write(folder: Path, results: object, name: str = "results.json") -> Path:
    path = folder / name
    path.write_text(results if isinstance(results, str) else json.dumps(results), encoding="utf-8")
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(results_files())
def test_what_was_written_is_read(tmp_path: Path, results: ResultsFile) -> None:
    assert read(write(tmp_path, json_file.render(results))) == results


def test_a_real_run_and_its_rows_are_read(tmp_path: Path) -> None:
    results = document(tally_of(whole_run()), ROWS)
    assert read(write(tmp_path, json_file.render(results))) == results


def test_a_file_from_before_the_later_keys_is_read(tmp_path: Path) -> None:
    old: Any = document(tally_of(run_of([severed(a_case())])))
    del old["conformance"], old["baseline"]
    (result,) = old["results"]
    del result["cuts"], result["line"], result["message"], result["cut"]["usually_set_by"]
    for check in result["checks"]:
        del check["column"], check["end_column"]
    found = read(write(tmp_path, old))
    assert (found["conformance"], found["baseline"]) == (None, None)
    assert found["results"][0]["cuts"] == {}
    assert found["results"][0]["checks"][0]["observed"] == "severed"
    assert read(write(tmp_path, json_file.render(found))) == found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_a_shell_of_windows_has_sent_to_a_file_is_read(tmp_path: Path, encoding: str) -> None:
    results = document(tally_of(whole_run()))
    path = tmp_path / "results.json"
    path.write_text(json_file.render(results), encoding=encoding)
    assert read(path) == results


def test_keys_of_a_later_isolab_are_left_out(tmp_path: Path) -> None:
    results: Any = document(tally_of(whole_run()))
    more = {**results, "weather": "fine"}
    assert read(write(tmp_path, more)) == results


def test_what_can_be_counted_is_counted(tmp_path: Path) -> None:
    results: Any = document(tally_of(whole_run()))
    wrong = {**results, "summary": {"passed": 99, "\x1b[31m": 1}}
    assert read(write(tmp_path, wrong)) == results


def test_an_engine_that_only_a_result_tells_of_is_listed(tmp_path: Path) -> None:
    results: Any = document(tally_of(whole_run()))
    lost = [engine for engine in results["engines"] if engine["name"] == "webkit"]
    results["engines"] = [engine for engine in results["engines"] if engine["name"] != "webkit"]
    completed = read(write(tmp_path, results))
    Draft202012Validator(json.loads(json_file.schema())).validate(completed)
    (_, found) = completed["engines"]
    assert found == {**lost[0], "version": "unknown", "driver": "unknown", "executable": "", "enforcement": None}


def changed(change: Callable[[Any], object]) -> Any:
    results = deepcopy(document(tally_of(run_of([passed(a_case())]))))
    change(results)
    return results


BROKEN: dict[str, object] = {
    "empty": "",
    "no-json": '{"version": 1,\n "results": [,]}',
    "a-list": [],
    "other-json": {"name": "x"},
    "version-2": changed(lambda r: r.update(version=2)),
    "version-text": changed(lambda r: r.update(version="1")),
    "version-true": changed(lambda r: r.update(version=True)),
    "results-no-list": changed(lambda r: r.update(results={})),
    "no-engines": changed(lambda r: r.pop("engines")),
    "result-no-object": changed(lambda r: r["results"].append(3)),
    "no-outcome": changed(lambda r: r["results"][0].pop("outcome")),
    "strange-outcome": changed(lambda r: r["results"][0].update(outcome="ok")),
    "strange-engine": changed(lambda r: r["results"][0].update(engine="lynx")),
    "line-no-number": changed(lambda r: r["results"][0]["checks"][0].update(line="3")),
    "checks-no-list": changed(lambda r: r["results"][0].update(checks=None)),
    "duration-no-number": changed(lambda r: r.update(duration_s="long")),
    "duration-below-zero": changed(lambda r: r["results"][0].update(duration_s=-1)),
    "duration-endless": json.dumps(changed(lambda r: r.update(duration_s=7))).replace(": 7,", ": 1e999,"),
    "duration-nan": changed(lambda r: r.update(duration_s=float("nan"))),
    "line-0": changed(lambda r: r["results"][0]["checks"][0].update(line=0)),
    "step-line-0": changed(lambda r: r["results"][0].update(line=0)),
    "started-any-text": changed(lambda r: r.update(started="]]>\x1b[31m")),
    "number-too-long": '{"version": 1, "results": [], "not_run": ' + "1" * 5000 + "}",
    "engine-listed-twice": changed(lambda r: r["engines"].append(r["engines"][0])),
    "of-another-isolab": changed(lambda r: r.update(isolab="7.0\x1b[31m", results=[{}])),
    "hostile-key": changed(lambda r: r["results"][0]["params"].update({"\x1b[31m": []})),
    "deep": "[" * 100_000,
}


def test_each_broken_file_has_one_message(tmp_path: Path) -> None:
    told = []
    for name, content in BROKEN.items():
        with pytest.raises(ResultsError) as error:
            read(write(tmp_path, content, f"{name}.json"))
        told.append(str(error.value).replace(str(tmp_path), "DIR"))
    (tmp_path / "binary.json").write_bytes(b"{\xff}")
    for name in ("absent.json", "binary.json", "."):
        with pytest.raises(ResultsError) as error:
            read(tmp_path / name)
        told.append(str(error.value).replace(str(tmp_path), "DIR"))
    assert_golden("broken-results.txt", "\n".join(told) + "\n")
    assert all(re.match(r"DIR(/[\w.-]+)?:", line) for line in told)
