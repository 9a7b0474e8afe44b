from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.conform.kinds.ways import RETARGETING, Way, read_way
from isolab.conform.reader import NotStagedError, Reader

NEW, ALONE = "new", "new without opener"


def read(**words: object) -> Way:
    part = Reader(words, "open.")
    way = read_way(part)
    part.finish()
    return way


@pytest.mark.parametrize(
    ("words", "noopener", "choice", "name"),
    [
        ({}, False, NEW, ""),
        ({"method": "window.open", "name": "help"}, False, NEW, "help"),
        ({"method": "window.open", "noopener": True}, True, ALONE, ""),
        ({"method": "window.open", "features": "popup, noopener=0"}, False, NEW, ""),
        ({"method": "window.open", "target": "_top", "features": "noreferrer"}, True, "this", "_top"),
        ({"method": RETARGETING, "features": "noopener=no"}, False, "existing", "named"),
        ({"method": RETARGETING, "features": "noreferrer=yes"}, True, ALONE, "named"),
        ({"method": "<form target=_blank>", "rel": "opener"}, False, NEW, ""),
        ({"method": "<area target=help>", "rel": None}, False, NEW, "help"),
        ({"method": "<a target=help>", "rel": "noopener"}, True, ALONE, "help"),
        ({"method": "<form <base target=_BLANK>>", "rel": "help"}, True, ALONE, ""),
        ({"method": "a[target]"}, False, NEW, "named"),
        ({"method": "area[rel=noreferrer]"}, True, ALONE, "named"),
        ({"method": "form[rel='noopener opener']"}, True, ALONE, "named"),
    ],
)
def test_ways_of_opening(words: dict[str, object], noopener: bool, choice: str, name: str) -> None:
    way = read(**words)
    assert (way.noopener, way.choice, way.name) == (noopener, choice, name)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"features": "noreferrer"}, True),
        ({"features": "noopener"}, False),
        ({"features": "noreferrer=0,noopener"}, False),
        ({"method": "<a target=_blank>", "rel": "noreferrer opener"}, True),
        ({"method": "<a target=_blank>", "rel": "noopener"}, False),
    ],
)
def test_whether_a_referrer_is_told_is_another_question(words: dict[str, object], expected: bool) -> None:
    assert read(**words).noreferrer is expected


@pytest.mark.parametrize("method", ["<video target=_blank>", "<a target=a target=b>", "window.close", "a[href]"])
def test_a_way_that_is_not_known_is_refused(method: str) -> None:
    with pytest.raises(NotStagedError, match=r"the row's open.method is .*, which is not known"):
        read(method=method)


@given(st.lists(st.sampled_from(["noopener", "noreferrer", "opener", "help", "NoOpener"])).map(" ".join))
def test_markup_and_selectors_mean_the_same(rel: str) -> None:
    in_markup = read(method="<a target=named>", rel=rel)
    assert in_markup == read(method=f"area[rel={rel}]")
    assert in_markup.noopener is ("noopener" in rel.lower().split() or "noreferrer" in rel.split())
