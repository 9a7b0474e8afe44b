"""The tables: every opener policy against every popup policy and origin, from a window and from a frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_world import APP, IDP, RELATED, SUB, Sent, document, goes, page

from isolab.policy.coop import CoopValue
from isolab.policy.group_switch import match, needs_switch, opener_fate
from isolab.policy.terms import Origin

POLICIES: dict[str, Sent] = {
    "none": {"coop": None},
    "soap": {"coop": "same-origin-allow-popups"},
    "so": {"coop": "same-origin"},
    "so+coep": {"coop": "same-origin", "coep": "require-corp"},
    "nap": {"coop": "noopener-allow-popups"},
}
# P: kept for every origin; O: kept for the opener's own origin only; S: cut for every origin.
COLUMNS = ("none", "soap", "so", "so+coep", "nap")
TABLE = {
    "none": "P P S S P",
    "soap": "S O S S S",
    "so": "S S O S S",
    "so+coep": "S S S O S",
    "nap": "S S S S S",
}
CELLS = [
    (column, row, cell) for row, cells in TABLE.items() for column, cell in zip(COLUMNS, cells.split(), strict=True)
]
VALUES: tuple[CoopValue, ...] = (
    "unsafe-none",
    "same-origin",
    "same-origin-allow-popups",
    "noopener-allow-popups",
    "same-origin-plus-COEP",
)
values = st.sampled_from(VALUES)
origins = st.sampled_from([APP, SUB, IDP, None])


def cell_fate(cell: str, relation: str) -> str:
    kept = cell == "P" or (cell == "O" and relation == "same-origin")
    return "preserved" if kept else "severed"


@pytest.mark.parametrize("relation", RELATED)
@pytest.mark.parametrize(("opener", "popup", "cell"), CELLS)
def test_a_window_opens_a_popup(opener: str, popup: str, cell: str, relation: str) -> None:
    life = [goes(page(RELATED[relation], **POLICIES[popup]))]
    assert opener_fate(document(**POLICIES[opener]), life).fate == cell_fate(cell, relation)


@pytest.mark.parametrize("relation", RELATED)
@pytest.mark.parametrize(("opener", "popup", "cell"), CELLS)
def test_a_frame_of_the_same_origin_opens_as_its_top_does(opener: str, popup: str, cell: str, relation: str) -> None:
    frame = document(parent=document(**POLICIES[opener]))
    assert opener_fate(frame, [goes(page(RELATED[relation], **POLICIES[popup]))]).fate == cell_fate(cell, relation)


@pytest.mark.parametrize("frame", ["same-site", "cross-site"])
@pytest.mark.parametrize("popup", POLICIES)
@pytest.mark.parametrize("top", ["so", "so+coep"])
def test_a_foreign_frame_in_an_isolated_top_gets_no_opener(top: str, popup: str, frame: str) -> None:
    creator = document(RELATED[frame], parent=document(**POLICIES[top]))
    assert opener_fate(creator, [goes(page(**POLICIES[popup]))]).fate == "noopener"


@pytest.mark.parametrize("relation", RELATED)
@pytest.mark.parametrize("frame", ["same-site", "cross-site"])
@pytest.mark.parametrize("popup", POLICIES)
@pytest.mark.parametrize("top", ["none", "soap", "nap"])
def test_a_foreign_frame_elsewhere_opens_as_unsafe_none(top: str, popup: str, frame: str, relation: str) -> None:
    creator = document(RELATED[frame], parent=document(**POLICIES[top]))
    expected = "preserved" if popup == "none" else "severed"
    assert opener_fate(creator, [goes(page(RELATED[relation], **POLICIES[popup]))]).fate == expected


def test_a_frames_own_opener_policy_has_no_effect() -> None:
    frame = document(parent=document(), coop="same-origin")
    assert opener_fate(frame, [goes(page(coop="same-origin"))]).fate == "severed"
    assert opener_fate(frame, [goes(page())]).fate == "preserved"


@given(values, origins, values, origins)
def test_match_is_symmetric(a: CoopValue, origin_a: Origin | None, b: CoopValue, origin_b: Origin | None) -> None:
    assert match(a, origin_a, b, origin_b) == match(b, origin_b, a, origin_a)


@given(values, origins, values, origins)
def test_the_initial_document_only_lets_popups_out_or_cuts_noopener(
    a: CoopValue, origin_a: Origin | None, b: CoopValue, origin_b: Origin | None
) -> None:
    first = needs_switch(a, origin_a, b, origin_b, initial_about_blank=True)
    later = needs_switch(a, origin_a, b, origin_b, initial_about_blank=False)
    if first != later:
        lets_out = a in ("same-origin-allow-popups", "noopener-allow-popups") and b == "unsafe-none"
        assert (lets_out and later) or (b == "noopener-allow-popups" and first)
