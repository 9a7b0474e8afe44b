from __future__ import annotations

from dataclasses import replace

import pytest
from conform_rows import popup_row

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.stage import act, stage
from isolab.conform.staged import act_of


def test_a_staged_row_is_a_case_with_the_rows_id() -> None:
    staged = stage(popup_row("popup/x/07"))
    assert (staged.case.id, staged.row.id) == ("popup/x/07", "popup/x/07")
    assert [check.what for check in staged.case.checks] == ["popup.opener"]


def test_a_kind_that_is_only_ruled_on_is_told() -> None:
    with pytest.raises(NotStagedError, match="rows of the kind `tea` are held against the rules only"):
        act(Row("tea/a/01", "tea", {}, {"result": "shared"}))


def test_a_row_that_the_standard_has_left_behind_is_told() -> None:
    with pytest.raises(NotStagedError, match="the standard is another by now: commit abc"):
        stage(replace(popup_row(), superseded="commit abc"))


def test_what_holds_of_such_a_row_by_its_own_word_is_played() -> None:
    why = "commit abc: a new window is created; use only the return-value expectation"
    expect = {"window_open_returns_null": True, "state": "severed"}
    played = act(replace(popup_row(expect=expect, open={"features": "noopener"}), superseded=why))
    assert played.claims == {"window_open_returns_null": "popup.opener"}
    assert played.unseen == {"state": f"the standard is another by now: {why}"}


def test_what_no_check_stands_for_has_its_reason() -> None:
    row = popup_row(expect={"state": "severed", "smell": "of roses"})
    made = act_of(Scene("a"), row, {"state": "popup.opener", "colour": "popup.colour"}, "nobody can tell")
    assert (made.claims, made.unseen) == ({"state": "popup.opener"}, {"smell": "nobody can tell"})
