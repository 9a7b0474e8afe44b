from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Coroutine
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
from command_line import CommandLine, break_terminal
from fake_browser import FakeEngine
from rich.console import Console
from written_cases import POPUP, run

from isolab.cli.last_failed import STATE
from isolab.cli.request import Request
from isolab.cli.targets import targets_at
from isolab.cli.watch import Watching
from isolab.engines.engine import EngineError
from isolab.lab.server import PortError
from isolab.runner.options import RunOptions
from isolab.waiting import Signal

TEXT = textwrap.dedent(POPUP)
WATCHING = "(Ctrl-C ends)\n"


class Screen(StringIO):
    """What is printed, and a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._grew = Signal()

    def write(self, text: str) -> int:
        written = super().write(text)
        self._grew.notify()
        return written

    async def rounds(self, count: int) -> str:
        """All that there is once so many rounds are over."""

        def look() -> str | None:
            text = self.getvalue()
            return text if text.count(WATCHING) >= count else None

        return await self._grew.until(look, None)


@dataclass
class Session:
    """Somebody who watches: a folder, an engine, and a screen."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    fake: FakeEngine = field(default_factory=FakeEngine)
    screen: Screen = field(default_factory=Screen)

    def write(self, name: str, text: str) -> None:
        # As editors do: a new file in the place of the old one.
        draft = self.folder / f".{name}.draft"
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.folder / name)

    def watch(self, work: Coroutine[object, object, None], *paths: str, **asked: object) -> None:
        """Watch while the work is done, then be interrupted."""
        request = Request(paths=paths, options=RunOptions(timeout_s=5), **asked)  # type: ignore[arg-type]  # its fields

        async def both() -> None:
            watching = Watching(request, targets_at(paths), Console(file=self.screen, width=120, highlight=False))
            task = asyncio.create_task(watching.stay([self.fake.engine], watching.first()))
            try:
                await work
            finally:
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

        run(both(), limit_s=60)
        assert len(self.fake.sessions) == self.fake.closed


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Session:
    monkeypatch.chdir(tmp_path)
    begun = Session(tmp_path, capsys)
    begun.write("a.yaml", TEXT)
    begun.write("b.yaml", TEXT.replace("A popup", "Another"))
    return begun


def test_what_changed_is_run_again_by_the_same_browser(session: Session) -> None:
    async def work() -> None:
        first = await session.screen.rounds(1)
        assert "4 passed in chromium 9.8" in first
        assert first.endswith("watching . (Ctrl-C ends)\n")
        session.write("b.yaml", TEXT.replace("popup.opener: severed", "popup.opener: preserved"))
        second = (await session.screen.rounds(2)).removeprefix(first)
        assert second.startswith("\nchanged: b.yaml\n")
        assert "error: popup.opener is severed in chromium 9.8, expected preserved\n  --> b.yaml:" in second
        assert "1 passed, 1 failed in chromium 9.8" in second
        assert "a.yaml" not in second
        session.write("b.yaml", TEXT)
        assert "2 passed in chromium 9.8" in (await session.screen.rounds(3)).removeprefix(first + second)

    session.watch(work(), ".")
    assert session.fake.starts == 1


def test_a_mistake_is_shown_and_the_watching_goes_on(session: Session) -> None:
    async def work() -> None:
        await session.screen.rounds(1)
        session.write("a.yaml", TEXT.replace("popup.opener", "popup.openr"))
        assert "passed" not in (await session.screen.rounds(2)).partition("changed: a.yaml")[2]
        assert "openr" in session.capsys.readouterr().err
        session.write("a.yaml", TEXT)
        assert "2 passed" in (await session.screen.rounds(3)).rpartition("changed: a.yaml")[2]

    session.watch(work(), "a.yaml")


def test_a_mistake_at_the_beginning_can_be_mended(session: Session) -> None:
    session.write("a.yaml", "title: [")

    async def work() -> None:
        assert "passed" not in await session.screen.rounds(1)
        session.write("a.yaml", TEXT)
        assert "2 passed" in await session.screen.rounds(2)

    session.watch(work(), "a.yaml")
    assert "a.yaml:1:" in session.capsys.readouterr().err


def test_a_new_file_of_a_folder_is_run(session: Session) -> None:
    async def work() -> None:
        await session.screen.rounds(1)
        session.write("new.yaml", TEXT)
        assert "2 passed" in (await session.screen.rounds(2)).partition("changed: new.yaml")[2]

    session.watch(work(), ".")


def test_what_is_not_selected_is_not_run(session: Session) -> None:
    async def work() -> None:
        assert "1 passed in" in await session.screen.rounds(1)
        session.write("a.yaml", TEXT + "\n")
        assert "1 passed in" in (await session.screen.rounds(2)).partition("changed: a.yaml")[2]
        session.write("a.yaml", TEXT.replace("same-origin", "noopener-allow-popups"))
        assert "none of the 2 cases there is selected" in await session.screen.rounds(3)

    session.watch(work(), "a.yaml", grep="coop=same")


def test_what_failed_is_remembered_after_each_round(session: Session) -> None:
    async def work() -> None:
        await session.screen.rounds(1)
        assert '"id"' not in STATE.read_text(encoding="utf-8")
        session.write("a.yaml", TEXT.replace("popup.opener: severed", "popup.opener: preserved"))
        await session.screen.rounds(2)
        assert '"id": "a[coop=same-origin]"' in STATE.read_text(encoding="utf-8")

    session.watch(work(), "a.yaml")


def test_an_engine_that_is_not_to_be_had_is_told_in_every_round(session: Session) -> None:
    session.fake.failures = [EngineError("no display")] * 9

    async def work() -> None:
        await session.screen.rounds(1)
        session.write("a.yaml", TEXT + "\n")
        text = await session.screen.rounds(2)
        assert text.count("error: chromium 9 could not be used: no display") == 2
        assert text.count("2 cases not run") + text.count("2 error") == 2

    session.watch(work(), "a.yaml")


def test_where_the_terminal_s_listener_crashes_the_least_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_terminal(monkeypatch)

    async def work() -> None:
        await session.screen.rounds(1)

    session.watch(work(), ".")
    told = capsys.readouterr().err
    assert "this is a defect of isolab: ZeroDivisionError: in terminal" in told
    assert "4 passed in chromium 9.8" in told


def test_an_interruption_in_the_middle_of_a_round_ends_the_browser(session: Session) -> None:
    begun = Signal()

    async def work() -> None:
        session.fake.ways.on_show = lambda _url: begun.notify()
        await begun.until(lambda: session.fake.sessions or None, None)

    session.watch(work(), ".")
    assert session.fake.starts == 1


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--json", "o.json"], 2, "--watch and --json contradict each other: --watch is for people"),
        (["--github", "--html", "-"], 2, "--watch and --html, --github contradict each other"),
        (["--list"], 2, "--list and --watch contradict each other: --list runs nothing"),
        (["-g", "nosuch"], 5, "nothing selected"),
        (["nosuch"], 2, "nosuch is neither a file or folder nor an id"),
        (["-e", "webkit"], 3, "not found on this machine: webkit"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_watched(
    isolab: CommandLine, arguments: list[str], code: int, message: str
) -> None:
    assert isolab("run", "popup.yaml", "--watch", *arguments) == code
    assert message in isolab.err
    assert isolab.err.count("error: ") == 1


def test_an_engine_that_is_not_here_is_a_note(isolab: CommandLine) -> None:
    async def stay(*_: object) -> None:
        raise PortError("no port")

    isolab.monkeypatch.setattr(Watching, "stay", stay)
    assert isolab("run", "popup.yaml", "--watch") == 3
    assert isolab.err.startswith("note: nothing is run in webkit, not found on this machine")


def test_a_port_that_is_not_to_be_had(isolab: CommandLine) -> None:
    async def stay(*_: object) -> None:
        raise PortError("no port")

    isolab.monkeypatch.setattr(Watching, "stay", stay)
    assert isolab("run", "popup.yaml", "--watch", "-e", "chromium") == 3
    assert isolab.err == "error: no port\n"


def test_a_system_that_lets_nobody_watch(isolab: CommandLine) -> None:
    def awatch(*_: object, **__: object) -> object:
        raise OSError(28, "No space left on device")

    isolab.monkeypatch.setattr("isolab.cli.changes.awatch", awatch)
    assert isolab("run", "popup.yaml", "--watch", "-e", "chromium") == 3
    assert isolab.err == f"error: cannot watch {isolab.folder}: No space left on device\n"


def test_what_goes_wrong_in_isolab_itself_is_a_defect(isolab: CommandLine) -> None:
    async def stay(*_: object) -> None:
        raise KeyError("nosuch")

    isolab.monkeypatch.setattr(Watching, "stay", stay)
    assert isolab("run", "popup.yaml", "--watch") == 4
    assert "this is a defect of isolab: KeyError: 'nosuch'" in isolab.err
