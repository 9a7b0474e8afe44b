from __future__ import annotations

import pytest

from isolab.reports.exit_code import exit_code

_ORDER = [("interrupted", 130), ("unavailable", 3), ("defect", 4), ("failed", 1), ("nothing", 5)]


@pytest.mark.parametrize("first", range(len(_ORDER)))
def test_the_first_that_applies_counts_whatever_follows(first: int) -> None:
    facts = {name: index >= first for index, (name, _) in enumerate(_ORDER)}
    assert exit_code(**facts) == _ORDER[first][1]


def test_nothing_of_it_is_good() -> None:
    assert exit_code(**{name: False for name, _ in _ORDER}) == 0
