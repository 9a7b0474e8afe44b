from __future__ import annotations

from collections import Counter

from isolab.conform.catalogue import known_differences
from isolab.conform.features import without
from isolab.conform.kinds.popup import Opened, read_opened
from isolab.conform.matrix import matrix_rows
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.policy.group_switch import needs_switch, passages

ROWS = {row.id: row for row in matrix_rows()}


def test_every_combination_is_there_once() -> None:
    assert len(ROWS) == 15 * 15 * 3 * 6
    assert Counter(row.kind for row in ROWS.values()) == {"popup": 675, "popup-redirect": 3375}


def test_the_fates_are_those_of_the_standards_table() -> None:
    def fate(opener: str, popup: str, relation: str = "same-origin", via: str = "direct") -> object:
        return ROWS[f"matrix[opener={opener},popup={popup},relation={relation},via={via}]"].expect["state"]

    isolated = "same-origin+require-corp"
    assert fate("absent", "unsafe-none", "cross-site") == "preserved"
    assert fate("same-origin-allow-popups", "absent", "cross-site") == "preserved"
    assert fate("same-origin-allow-popups", "same-origin-allow-popups", "same-site") == "severed"
    assert fate("same-origin", "same-origin") == "preserved"
    assert fate("same-origin", "same-origin", "same-site") == "severed"
    assert fate("same-origin", isolated) == "severed"
    assert fate(isolated, "same-origin+credentialless") == "preserved"
    assert fate("noopener-allow-popups", "absent", "cross-site") == "preserved"
    assert fate("noopener-allow-popups", "noopener-allow-popups") == "severed"
    assert fate("absent", "absent", "same-origin", "same-origin") == "severed"
    assert fate("same-origin-allow-popups", "absent", "cross-site", "absent") == "preserved"
    # The redirect carries no embedder policy, so it is not what the isolated windows on both its sides are.
    assert fate(isolated, isolated, "same-origin", "same-origin") == "severed"


def compared_with_the_page(opened: Opened) -> bool:
    """Whether the link is cut where every response is compared with the popup's blank page, whatever came between."""
    ways = list(passages(opened.creator, opened.life))
    blank = ways[0].before
    return any(
        needs_switch(blank.policy, blank.origin, way.policy.value, way.origin, initial_about_blank=True) for way in ways
    )


def test_firefox_is_known_to_differ_just_where_its_way_of_comparing_does() -> None:
    (entry,) = [known for known in known_differences().known if known.bug.endswith("=1697378")]

    def as_firefox_sees_it(row: Row) -> Row:
        return without(row, "noopener-allow-popups") or row

    def differs(row: Row) -> bool:
        opened = read_opened(Reader(as_firefox_sees_it(row).setting))
        return (opened.link.fate == "severed") != compared_with_the_page(opened)

    known = [row for row in ROWS.values() if entry.names(row)]
    assert [row for row in ROWS.values() if differs(row)] == known
    assert len(known) == 27
