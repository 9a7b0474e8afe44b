from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.conform.row import ABOUT, RowsError, read_rows

ROW = {"id": "popup/a/01", "kind": "popup", "opener": {"coop": None}, "expect": {"state": "preserved"}}


def file_of(folder: Path, text: str) -> Path:
    path = folder / "rows.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_has_what_is_said_about_it_apart_from_its_setting(tmp_path: Path) -> None:
    about = {"source": "a.html", "subtest": "one", "tentative": True, "known_failures": {"webkit": "FAIL"}, "note": "n"}
    (row,) = read_rows(file_of(tmp_path, json.dumps([{**ROW, **about, "wpt_rev": "abc"}])))
    assert (row.id, row.kind, row.source, row.subtest, row.note) == ("popup/a/01", "popup", "a.html", "one", "n")
    assert (row.tentative, row.superseded, row.known_failures) == (True, "", {"webkit": "FAIL"})
    assert row.setting == {"opener": {"coop": None}}
    assert row.expect == {"state": "preserved"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "rows.json:1:1: this is not JSON: Expecting value"),
        ('[\n  {"id" 1}\n]', "rows.json:2:9: this is not JSON: "),
        ("[" * 100_000, "rows.json: lists in lists, deeper than can be read"),
        ('{"rows": []}', "rows.json: the file holds no list: rows are written as [{...}, {...}]"),
        ("[7]", "rows.json: row 1 is no object: write it as {...}"),
        ("[{}]", 'rows.json: row 1: `id` is missing: write "id": "..."'),
        ('[{"id": 7}]', 'rows.json: row 1: `id` is no text: write "id": "..."'),
        ('[{"id": "a"}]', 'rows.json: row 1: `kind` is missing: write "kind": "..."'),
        ('[{"id": "a", "kind": "b"}]', 'rows.json: row 1 (`a`): `expect` is missing: write "expect": {...}'),
        ('[{"id": "a", "kind": "b", "expect": []}]', 'row 1 (`a`): `expect` is no object: write "expect": {...}'),
        (json.dumps([ROW, ROW]), "row 2 has the id of row 1, `popup/a/01`: give it another one"),
    ],
)
def test_each_mistake_is_one_message_with_place_cause_and_mend(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RowsError) as caught:
        read_rows(file_of(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(RowsError, match="the file cannot be read: No such file"):
        read_rows(tmp_path / "none.json")
    (tmp_path / "latin.json").write_bytes(b'["\xff"]')
    with pytest.raises(RowsError, match="not UTF-8: save it as UTF-8"):
        read_rows(tmp_path / "latin.json")


@given(st.dictionaries(st.text().filter(lambda key: key not in (*ABOUT, "expect")), st.integers() | st.text()))
def test_every_other_field_belongs_to_the_setting(tmp_path_factory: pytest.TempPathFactory, setting: object) -> None:
    assert isinstance(setting, dict)
    entry = {"id": "a", "kind": "b", "expect": {}, **setting}
    (row,) = read_rows(file_of(tmp_path_factory.getbasetemp(), json.dumps([entry])))
    assert row.setting == setting
