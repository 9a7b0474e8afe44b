from __future__ import annotations

from collections import Counter

from isolab.conform.matrix import matrix_rows

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
