from __future__ import annotations

from collections.abc import Sequence

import pytest
from golden_texts import assert_golden
from report_runs import CHROMIUM, STEP, WEBKIT, a_case, a_console, known, passed, run_of, severed, stopped, whole_run

from isolab.reports.broadcast import Broadcast
from isolab.reports.tally import Tally
from isolab.reports.terminal import Loudness, Terminal
from isolab.runner.events import Event, RunFinished
from isolab.runner.result import CaseResult


def shown(events: Sequence[Event], loudness: Loudness = "normal", width: int = 120, *, tty: bool = False) -> str:
    console, out = a_console(width, terminal=tty)
    tally = Tally()
    terminal = Terminal(console, tally, loudness)
    emit = Broadcast(tally, [terminal])
    for event in events:
        emit(event)
    terminal.close()
    assert tally.defects == [] or any(isinstance(e, RunFinished) and e.defect for e in events)
    return out.getvalue()


@pytest.mark.parametrize("loudness", ["quiet", "normal", "verbose"])
def test_a_whole_run(loudness: Loudness) -> None:
    assert_golden(f"run-{loudness}.txt", shown(whole_run(), loudness))


@pytest.mark.parametrize("loudness", ["quiet", "normal", "verbose"])
def test_a_step_that_could_not_be_done_has_its_excerpt(loudness: Loudness) -> None:
    text = shown(run_of([stopped(a_case(), step=STEP)]), loudness)
    assert " --> scenarios/signin/popup.yaml:1:8\n" in text
    assert "  |        ^^^^^^^ the popup was not there after 15 s\n" in text
    coloured = shown(run_of([stopped(a_case(), step=STEP)]), loudness, tty=True)
    assert "\x1b[31m  |        ^^^^^^^ the popup was not there after 15 s" in coloured


def test_a_narrow_terminal_gets_a_line_for_each_engine() -> None:
    text = shown(whole_run(), width=60)
    assert "chromium 131.0 (playwright): 1 passed, 1 flaky (0.45 s)" in text
    assert "unexpected\n" not in text


def test_quiet_shows_failures_and_one_line() -> None:
    text = shown(run_of([passed(a_case())]), "quiet")
    assert text == "1 passed in chromium 131.0, webkit 2.50.6 (3.25 s)\n"


def test_what_an_engine_does_not_enforce_is_told_even_if_quiet() -> None:
    text = shown(run_of([passed(a_case())], gaps=("it does not enforce COOP\x1b[5m",)), "quiet")
    assert text.splitlines()[:-1] == ["calibration: webkit: it does not enforce COOP␛[5m"]


def test_an_unexpected_pass_is_named_even_if_quiet() -> None:
    lines = shown(run_of([known(a_case(), gone=True)]), "quiet").splitlines()
    known_before = "known: isolation is off by default (https://bugs.webkit.org/1)"
    assert lines == [
        f"unexpected pass: webkit: signin/popup[app.coop=same-origin]: app.isolated is true; {known_before}",
        "1 unexpected pass in chromium 131.0, webkit 2.50.6 (3.25 s)",
    ]


def test_notes_and_engines_that_failed_are_told_even_if_quiet_before_the_last_line() -> None:
    end = RunFinished(1.0, notes=("not all artifacts could be kept: /kept: disk full", "two\nlines \x1b[5m"))
    text = shown(run_of([severed(a_case())], failed="WebKitWebDriver is missing", finished=end), "quiet")
    lines = text.splitlines()
    assert "error: webkit 2.50.6 could not be used: WebKitWebDriver is missing" in lines
    assert "error: popup.opener is severed in webkit 2.50.6, expected preserved" in lines
    noted = lines.index("note: not all artifacts could be kept: /kept: disk full")
    assert lines[noted + 1].startswith("note: two lines ")
    assert lines[-1] == "1 failed in chromium 131.0, webkit 2.50.6 (1.00 s)"
    assert noted < lines.index("error: could not be used: webkit (the reason is above)") < len(lines) - 1
    assert "\x1b" not in text


def test_an_engine_that_failed_is_told_with_its_reason() -> None:
    text = shown(run_of([], failed="WebKitWebDriver is missing"))
    assert "error: webkit 2.50.6 could not be used: WebKitWebDriver is missing" in text


def test_an_engine_that_failed_is_told_even_if_quiet() -> None:
    assert "WebKitWebDriver is missing" in shown(run_of([], failed="WebKitWebDriver is missing"), "quiet")


def test_an_interrupted_run_says_what_was_not_run() -> None:
    events = run_of([passed(a_case()), severed(a_case())])
    text = shown([*events[:5], RunFinished(1.0, interrupted=True)])
    assert text.splitlines()[-1] == "1 passed in chromium 131.0, 1 case not run (interrupted) (1.00 s)"


def test_a_defect_is_one_message_and_its_traceback_only_if_verbose() -> None:
    defect = "Traceback (most recent call last):\n  File x\nValueError: oh\n"
    quiet = shown(run_of([], finished=RunFinished(1.0, defect=defect)))
    assert "error: this is a defect of isolab: ValueError: oh" in quiet
    assert "Traceback" not in quiet
    assert "Traceback" in shown(run_of([], finished=RunFinished(1.0, defect=defect)), "verbose")


def test_a_defect_is_told_even_if_quiet() -> None:
    assert "defect of isolab" in shown(run_of([], finished=RunFinished(1.0, defect="ValueError: oh")), "quiet")


@pytest.mark.parametrize("tty", [False, True])
@pytest.mark.parametrize("loudness", ["quiet", "normal", "verbose"])
def test_hostile_names_are_neither_markup_nor_escapes(loudness: Loudness, tty: bool) -> None:
    case = a_case("signin/\x1b]0;owned\x07[red]x[/red][a.b=[/]]", "[bold]\x1b[2J")
    skipped = CaseResult(case, "webkit", "skipped", 0.0, skipped="[blink]\x1b[5m")
    text = shown(run_of([severed(case), skipped]), loudness, tty=tty)
    assert "\x1b]0;" not in text
    assert "\x07" not in text
    assert "\x1b[5m" not in text
    assert "[red]x[/red][a.b=[/]]" in text


def test_a_terminal_is_left_with_its_cursor() -> None:
    text = shown(run_of([severed(a_case())]), tty=True)
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l") >= 0


def test_without_someone_watching_nothing_moves() -> None:
    assert "\x1b" not in shown(whole_run())


def test_an_excerpt_is_not_wrapped_on_a_narrow_terminal() -> None:
    text = shown(run_of([severed(a_case())]), width=30)
    assert "3 |   popup.opener: preserved\n" in text
    assert "^^^^^^^^^ observed: severed\n" in text


def test_what_engines_did_alike_is_told_whole_once() -> None:
    case = a_case()
    text = shown(run_of([severed(case, CHROMIUM), severed(case, WEBKIT)]))
    assert text.count("popup.opener is severed in ") == 2
    assert text.count("= cut by: ") == 1
    assert "= as in chromium 131.0, above" in text
