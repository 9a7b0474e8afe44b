from __future__ import annotations

import json
from importlib import resources

from conform_rows import popup_row
from jsonschema import Draft202012Validator

from isolab.conform.entry import entry
from isolab.conform.outcome import Conformance, Refused
from isolab.conform.row import Row
from isolab.conform.stage import stage
from isolab.runner.result import CaseResult

STAGED = [stage(popup_row(f"popup/a/{n:02}")) for n in range(2)]


def test_a_row_has_what_each_engine_made_of_it_each_time() -> None:
    refused = Refused(Row("sab/a/01", "sab", {}, {}, "a source"), "a reason")
    case = STAGED[0].case
    results = [CaseResult(case, "chromium", "passed", 0.1), CaseResult(case, "chromium", "failed", 0.1)]
    written = entry(Conformance(STAGED, [refused]), results)
    assert [row["outcomes"] for row in written["rows"]] == [{"chromium": ["agrees", "new difference"]}, {}]
    assert written["refused"] == [{"id": "sab/a/01", "kind": "sab", "source": "a source", "why": "a reason"}]


def test_it_is_as_the_schema_says() -> None:
    schema = json.loads(resources.files("isolab.reports").joinpath("results.schema.json").read_text(encoding="utf-8"))
    part = {"$ref": "#/$defs/conformance", "$defs": schema["$defs"]}
    written = entry(Conformance(STAGED, []), [CaseResult(STAGED[0].case, "webkit", "passed", 0.1)])
    assert Draft202012Validator(part).is_valid(written)
    assert not Draft202012Validator(part).is_valid({**written, "rows": [{"id": "x"}]})
