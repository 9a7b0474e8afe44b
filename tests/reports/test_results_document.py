"""docs/results.md is the contract: what it lists is in the file, and what is in the file it lists."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator
from report_runs import a_case, run_of, severed, stopped, tally_of, whole_run

from isolab.reports.baseline import compared
from isolab.reports.document import document
from isolab.reports.json_file import schema

_TEXT = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")


def _documented() -> set[str]:
    cells = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", _TEXT, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([a-z_]+)`", cell)}


def test_every_key_is_documented() -> None:
    results = document(tally_of(whole_run()))
    failed = next(result for result in results["results"] if result["cut"] is not None)
    cut = failed["cut"]
    assert cut is not None
    keys = {*results, *results["engines"][0], *failed, *failed["checks"][0], *cut}
    assert keys <= _documented()


def test_every_key_of_what_changed_is_told() -> None:
    now, before = (document(tally_of(run_of([result]))) for result in (severed(a_case()), stopped(a_case())))
    before["results"][0] |= {"error": None}
    before["engines"][0]["version"] = "1"
    baseline = compared(now, before, "before.json")["baseline"]
    assert baseline is not None
    section = _TEXT.partition("## What changed since a baseline")[2].partition("\n## ")[0]
    (engine,), (change,) = baseline["engines"], baseline["changes"]
    keys = {*baseline, *engine, *change, *change["checks"][0]}
    assert keys <= set(re.findall(r"`([a-z_]+)`", section))


def test_the_example_is_a_results_file() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", _TEXT, re.DOTALL)
    Draft202012Validator(json.loads(schema())).validate(json.loads(example))
