"""The names that are read from the catalogue's files as text are those that its cases have."""

from __future__ import annotations

from pathlib import Path

import pytest

from isolab.cli.catalogue_names import tags, targets
from isolab.cli.select import cases_at, scenario_id


def test_tags_and_ids_are_those_of_the_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cases = cases_at([])
    assert tags() == sorted({tag for case in cases for tag in case.tags})
    ids = {scenario_id(case) for case in cases}
    assert ids - set(targets()) == set()
    assert set(targets()) - ids == {id_.rpartition("/")[0] for id_ in ids}


@pytest.mark.parametrize("written", ["tags: [sso, my-app]\n", "tags:\n  - sso\n  - my-app\nflow: []\n"])
def test_tags_of_ones_own_scenarios(written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "own.yml").write_text(f"title: mine\n{written}", encoding="utf-8")
    assert {"sso", "my-app", "popup"} <= set(tags())
