from __future__ import annotations

from dataclasses import replace

import pytest
from conform_rows import popup_row

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.stage import act, stage


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
