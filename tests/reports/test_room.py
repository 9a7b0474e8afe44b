from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isolab.reports.room import Room


def test_one_that_is_too_long_takes_no_other_with_it() -> None:
    room = Room(10)
    assert room.blocks(["a", "b" * 9, "c"]) == ["a", "c", "(1 part left out: too long to be shown here)"]
    assert room.left == 4
    assert room.items(["d", "e"]) == ["- (2 more: too long to be shown here)"]


def test_bytes_count_and_not_characters() -> None:
    assert not Room(5).takes("ää")
    assert Room(6).takes("ää")


@given(st.integers(0, 200), st.lists(st.text(max_size=30)))
def test_what_is_kept_fits_and_all_others_are_counted(left: int, items: list[str]) -> None:
    room = Room(left)
    kept = [item for item in room.items(items) if "more: too long" not in item]
    assert sum(len(item.encode()) + 2 for item in kept) == left - room.left <= left
    told = room.items(["x" * 200])
    assert told == ["- (1 more: too long to be shown here)"]
