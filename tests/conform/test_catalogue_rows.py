from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.catalogue import known_differences, rows_of, stage_all
from isolab.conform.differences import Differences
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row, RowsError
from isolab.conform.stage import act

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


def test_none_of_the_projects_own_rows_has_another_form_than_its_kind_reads() -> None:
    """Else a defect of ours would look like a row that is not played."""
    refused = stage_all(rows_of((), "rows"), known_differences()).refused
    assert refused
    assert [one.row.id for one in refused if "another form" in one.why] == []


@pytest.mark.parametrize(
    ("kind", "setting", "expect"),
    [
        ("popup", {"popup": "a window"}, {"state": "preserved"}),
        ("coop-report", {"opener": PLAIN, "popup": PLAIN}, {"reports": [{"disposition": "enforce"}]}),
        ("coep-report", {"parent": {"coep": "require-corp"}, "embed": {"type": "iframe"}}, {"reports": ["OTHER"]}),
        ("worker", {"globals": [{}], "document": {"coep": None}}, {"self.crossOriginEmbedderPolicy": "unsafe-none"}),
    ],
)
def test_a_row_of_another_form_is_refused_and_takes_no_other_with_it(
    kind: str, setting: dict[str, object], expect: dict[str, object]
) -> None:
    conformance = stage_all([Row("odd/1", kind, setting, expect), popup_row()], Differences())
    assert [staged.row.id for staged in conformance.staged] == ["popup/a/01"]
    (refused,) = conformance.refused
    assert "the row has another form than rows of its kind have" in refused.why


def played(row: Row) -> object:
    """What is served, done and expected of a row, or why it is not played."""
    try:
        found = act(row)
    except NotStagedError as error:
        return str(error)
    return found.scene.hosts, found.scene.pages, found.scene.flow, found.scene.expect, found.claims


def test_no_row_is_played_by_its_name() -> None:
    """A row of another id, with nothing said about it, is played the same; some sources say which page does it."""
    for row in rows_of([], "rows"):
        other = replace(row, id="other/rows/1", note="", known_failures={})
        assert played(other) == played(row), row.id
