from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.catalogue import known_differences, rows_of
from isolab.conform.differences import Differences, Known, Lacking, read_differences, with_differences
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
    row = Row("matrix[opener=a,popup=b+c]", "popup", {}, {})
    assert known("matrix[opener=a*,popup=*]").names(row)
    assert known(row.id).names(row)
    assert not known("matrix[opener=a,popup=b]", "matri?*", "MATRIX*", "opener=a*").names(row)


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


def test_a_known_difference_holds_for_every_row_of_a_form() -> None:
    """Rows that nobody has seen yet differ for the same reason as those at hand: ids alone would not know them."""

    def found(**where: list[str]) -> bool:
        narrowed = known("popup/*").model_copy(update={"where": {k.replace("__", "."): v for k, v in where.items()}})
        return bool(checks(Differences(known=[narrowed]))["popup.closed"].differences)

    assert found(popup__coop=["noopener-*"])
    assert found(popup__coop=["same-origin", "noopener-allow-popups"], opener__coop=["null"])
    assert found(open__noopener=["false"])
    assert found(iframe__coop=["null"])
    assert not found(popup__coop=["same-origin"])
    assert not found(popup__coop=["noopener-*"], opener__coop=["same-origin"])


ISOLATED = {"coop": "same-origin", "coep": "require-corp"}
UNSEEN: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    (
        "worker",
        {"worker": {"type": "shared", "coep": "require-corp"}, "top": ISOLATED},
        {"crossOriginIsolated": True},
        ["chromium", "firefox", "webkit"],
    ),
    ("worker", {"worker": {"type": "shared", "coep": None}, "top": ISOLATED}, {"crossOriginIsolated": False}, []),
    (
        "worker",
        {
            "worker": {"type": "dedicated", "scheme": "https", "coep": "require-corp"},
            "top": ISOLATED,
            "parent_frame": {"coep": "require-corp", "permissions_policy": "cross-origin-isolated=()"},
        },
        {"crossOriginIsolated": False},
        ["firefox", "webkit"],
    ),
    (
        "worker",
        {
            "worker": {"type": "shared", "scheme": "data", "coep": None},
            "owner": {"coep": "require-corp (one of two owners)"},
            "request": {"relation": "same-site", "corp": None, "mode": "no-cors"},
        },
        {"fetch_blocked": True},
        ["chromium", "firefox", "webkit"],
    ),
    (
        "coi",
        {"document": {**ISOLATED, "scheme": "https", "permissions_policy": "cross-origin-isolated=()"}},
        {"crossOriginIsolated": False},
        ["firefox", "webkit"],
    ),
    *(
        (f"{name}-parse", {"header": header, "header_values": values}, {"effective": effective}, engines)
        for name, header, policy in (
            ("coop", "Cross-Origin-Opener-Policy", "same-origin"),
            ("coep", "Cross-Origin-Embedder-Policy", "require-corp"),
        )
        for values, effective, engines in (
            (["", policy], "unsafe-none", ["firefox"]),
            ([f"{policy}; a=1"], policy, ["webkit"]),
            ([f"{policy}; a=:AA==:"], policy, ["webkit"]),
            ([f"{policy}; a=tok; b; c=?0"], policy, []),
        )
    ),
]


@pytest.mark.parametrize(("kind", "setting", "expect", "engines"), UNSEEN)
def test_rows_that_the_project_has_not_seen_have_their_known_differences(
    kind: str, setting: dict[str, Any], expect: dict[str, Any], engines: list[str]
) -> None:
    case = with_differences(stage(Row(f"{kind}/own/99", kind, setting, expect)), known_differences()).case
    assert sorted({d.engine for check in case.checks for d in check.differences}) == engines


def test_every_known_difference_is_of_rows_that_are_there() -> None:
    rows = [*rows_of(()), *(Row(f"{kind}/own/99", kind, setting, {}) for kind, setting, _, _ in UNSEEN)]
    for entry in known_differences().known:
        for pattern in entry.rows:
            alone = entry.model_copy(update={"rows": [pattern]})
            assert any(alone.names(row) for row in rows), (pattern, entry.where)
