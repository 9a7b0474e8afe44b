from __future__ import annotations

from pathlib import Path

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.catalogue import known_differences, rows_of
from isolab.conform.differences import Differences, Known, Lacking, named, read_differences, with_differences
from isolab.conform.features import Feature
from isolab.conform.row import Row, RowsError
from isolab.conform.stage import stage
from isolab.scenario.case import Check

BUG = "https://bugs.example/1"
ALONE = popup_row(
    popup={**PLAIN, "coop": "noopener-allow-popups", "relation": "same-origin"},
    expect={"state": "severed", "popup_closed_seen_by_opener": True},
)


def checks(known: Differences) -> dict[str, Check]:
    return {check.what: check for check in with_differences(stage(ALONE), known).case.checks}


def known(*rows: str) -> Known:
    return Known(
        engine="webkit",
        versions=">=2",
        rows=list(rows),
        observed={"popup.closed": False},
        bug=BUG,
        note="n",
        first_seen="2",
    )


def test_a_known_difference_is_put_to_the_checks_of_its_rows() -> None:
    found = checks(Differences(known=[known("popup/a/*", "other")]))
    assert found["popup.opener"].differences == ()
    (difference,) = found["popup.closed"].differences
    assert (difference.engine, difference.versions, difference.observed) == ("webkit", ">=2", False)
    assert (difference.bug, difference.note) == (BUG, "n")
    assert checks(Differences(known=[known("popup/b/*")]))["popup.closed"].differences == ()


def test_only_a_star_stands_for_other_text() -> None:
    row = "matrix[opener=a,popup=b+c]"
    assert named("matrix[opener=a*,popup=*]", row)
    assert named(row, row)
    assert not any(named(pattern, row) for pattern in ("matrix[opener=a,popup=b]", "matri?*", "MATRIX*", "opener=a*"))


def test_a_feature_that_lacks_makes_the_checks_what_the_rules_say_without_it() -> None:
    lacking = Lacking(engine="firefox", feature="noopener-allow-popups", bug=BUG, first_seen="153")
    found = checks(Differences(lacking=[lacking]))
    assert {what: [d.observed for d in check.differences] for what, check in found.items()} == {
        "popup.opener": ["preserved"],
        "popup.closed": [False],
    }
    assert found["popup.opener"].differences[0].note == "not supported: noopener-allow-popups"


def test_an_engine_that_lacks_several_features_lacks_them_together() -> None:
    setting = {"parent": {"headers": "COEP credentialless"}, "embed": {"type": "iframe credentialless"}}
    frame = Row("credentialless-iframe/a/01", "credentialless-iframe", setting, {"blocked": False})
    features: tuple[Feature, ...] = ("credentialless-frames", "coep-credentialless")
    lacking = [Lacking(engine="webkit", feature=feature, bug=BUG, first_seen="2") for feature in features]

    def found(known: list[Lacking]) -> list[object]:
        (check,) = with_differences(stage(frame), Differences(lacking=known)).case.checks
        return [difference.observed for difference in check.differences]

    assert found(lacking[:1]) == ["blocked"]
    assert found(lacking) == []


def test_what_is_expected_anyway_is_no_difference() -> None:
    lacking = Lacking(engine="firefox", feature="document-isolation-policy", bug=BUG, first_seen="153")
    same = Known(engine="webkit", rows=["*"], observed={"popup.closed": True}, bug=BUG, note="n", first_seen="2")
    assert all(c.differences == () for c in checks(Differences(lacking=[lacking], known=[same])).values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[known]", "this is not TOML: "),
        ("[[known]]\nengine = 'opera'", "known.0.engine: "),
        ("[[lacking]]\nengine = 'webkit'\nfeature = 'x'", "lacking.0.feature: "),
        (
            "[[lacking]]\nengine = 'webkit'\nfeature = 'coep-credentialless'\nbug = 'no'\nfirst_seen = '2'",
            "lacking.0.bug: ",
        ),
        ("moon = 1", "moon: "),
    ],
)
def test_a_mistake_is_one_message_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "differences.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RowsError) as caught:
        read_differences(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    with pytest.raises(RowsError, match="cannot be read"):
        read_differences(tmp_path / "none.toml")


def test_every_known_difference_is_of_rows_that_are_there() -> None:
    ids = [row.id for row in rows_of(())]
    for entry in known_differences().known:
        for pattern in entry.rows:
            assert any(named(pattern, row_id) for row_id in ids), pattern
