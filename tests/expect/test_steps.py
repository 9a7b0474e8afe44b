"""A check is written once, and made with either of Playwright's APIs."""

from __future__ import annotations

import pytest
from written_cases import run

from isolab.expect.steps import Steps, run_async, run_sync


def _sum(first: object, second: object) -> Steps[object]:
    try:
        one = yield first  # type: ignore[misc]
    except KeyError:
        one = 10
    two = yield second  # type: ignore[misc]
    return one + two


def _one() -> int:
    return 1


def _broken() -> int:
    raise KeyError("broken")


async def _one_later() -> int:
    return 1


async def _broken_later() -> int:
    raise KeyError("broken")


def test_calls_are_answered_in_order() -> None:
    assert run_sync(_sum(_one, _one)) == 2
    assert run(run_async(_sum(_one_later, _one_later))) == 2


def test_what_a_call_raises_is_the_checks_to_judge() -> None:
    assert run_sync(_sum(_broken, _one)) == 11
    assert run(run_async(_sum(_broken_later, _one_later))) == 11
    with pytest.raises(KeyError):
        run_sync(_sum(_one, _broken))
    with pytest.raises(KeyError):
        run(run_async(_sum(_one_later, _broken_later)))
