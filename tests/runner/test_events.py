from __future__ import annotations

import pytest

from isolab.runner.events import Enforcement


@pytest.mark.parametrize(
    ("enforcement", "complete"),
    [
        (Enforcement(), False),
        (Enforcement(True, True, True), False),
        (Enforcement(True, True, True, shares_memory=False), True),
    ],
)
def test_an_engine_is_measured_once_everything_was_seen(enforcement: Enforcement, complete: bool) -> None:
    assert enforcement.complete is complete
