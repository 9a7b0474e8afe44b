from __future__ import annotations

import os

import pytest

from isolab.cli.consoles import for_people


def test_a_pipe_has_room_for_the_table_unless_columns_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert for_people().width == 120
    monkeypatch.setenv("COLUMNS", "70")
    assert for_people().width == 70


def test_a_log_may_have_colours_and_no_display_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    console = for_people()
    assert (console.is_terminal, console.is_interactive) == (True, False)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_it_falls_silent_where_nobody_reads_any_more(monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(f"sys.{stream}", pipe)
        console = for_people(stderr=stream == "stderr")
        for _ in range(3):
            console.print("nobody hears this")
        pipe.write("and a last flush fails no more")
