from __future__ import annotations

import pytest
from report_runs import CHROMIUM, a_case, a_console, passed, run_of, tally_of

from isolab.reports.progress import LiveProgress


def _drawn(width: int, now: str) -> list[str]:
    console, out = a_console(width, terminal=True)
    tally = tally_of(run_of([passed(a_case())]))
    with LiveProgress(console, {"chromium": 100, "webkit": 7}) as live:
        live.advance(CHROMIUM.name, tally)
        live.now(CHROMIUM.name, now)
        out.truncate(0)
        console.print("above")
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 130])
def test_counts_are_whole_however_long_the_case_is_called(width: int) -> None:
    text = "\n".join(_drawn(width, "opener/" + "x" * 300))
    assert "1/100" in text
    assert "0/7" in text
    assert "1 passed" in text


def test_the_case_of_now_is_no_markup_and_no_escape() -> None:
    text = "\n".join(_drawn(130, "[red]a[/red]\x1b]0;b\x07"))
    assert "[red]a[/red]␛]0;b␇" in text


def test_an_engine_that_was_not_announced_is_ignored() -> None:
    console, _ = a_console(80, terminal=True)
    with LiveProgress(console, {"chromium": 1}) as live:
        live.now("webkit", "x")
        live.advance("webkit", tally_of([]))
