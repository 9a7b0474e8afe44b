from __future__ import annotations

import json
from pathlib import Path

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.catalogue import rows_of, stage_all
from isolab.conform.differences import Differences
from isolab.conform.row import Row, RowsError

ENTRY = {"id": "popup/a/01", "kind": "popup", "opener": PLAIN, "popup": PLAIN, "expect": {"state": "preserved"}}


def test_the_parts_are_the_stated_rows_and_the_matrix() -> None:
    rows, matrix, every = rows_of((), "rows"), rows_of((), "matrix"), rows_of(())
    assert len(rows) >= 700
    assert {row.id.partition("[")[0] for row in matrix} == {"matrix"}
    assert len(every) == len(rows) + len(matrix)


def test_files_stand_for_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([ENTRY]), encoding="utf-8")
    assert [row.id for row in rows_of([tmp_path / "a.json"])] == ["popup/a/01"]


def test_two_files_with_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file in files:
        file.write_text(json.dumps([ENTRY]), encoding="utf-8")
    with pytest.raises(RowsError, match=r"b\.json has a row `popup/a/01`, and .*a\.json has one too"):
        rows_of(files)


def test_no_row_gets_lost_between_the_stages() -> None:
    rows = [popup_row(), popup_row("popup/b/01", iframe={"srcdoc": True}), Row("x", "tea", {}, {})]
    conformance = stage_all(rows, Differences())
    assert [staged.row.id for staged in conformance.staged] == ["popup/a/01"]
    assert [(refused.row.id, bool(refused.why)) for refused in conformance.refused] == [
        ("popup/b/01", True),
        ("x", True),
    ]
