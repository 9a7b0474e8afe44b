from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import textwrap
import threading
from pathlib import Path

import psutil
import pytest
from flying import Told
from real_runs import ROOT, children, command, flown_in, process
from started_processes import lives, words
from written_cases import POPUP, written

from isolab.engines.engine import Engine
from isolab.runner.events import CaseFinished, CaseStarted, Event
from isolab.runner.options import RunOptions
from isolab.runner.run import run_cases

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]
SEVERED = "popup.opener: severed"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def write(folder: Path, text: str, name: str = "popup.yaml") -> str:
    (folder / name).write_text(textwrap.dedent(text).lstrip())
    return name


def test_one_expectation_turned_round_fails_that_case_at_that_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turned = POPUP.replace(SEVERED, "popup.opener: preserved")
    name = write(folder, turned)
    assert command("run", name, "-e", "chromium", "--json", "out.json") == 1
    outcomes = {r["id"]: r["outcome"] for r in json.loads(Path("out.json").read_text())["results"]}
    assert outcomes == {"popup[coop=absent]": "passed", "popup[coop=same-origin]": "failed"}
    lines = (folder / name).read_text().splitlines()
    line = max(number for number, text in enumerate(lines, 1) if "popup.opener: preserved" in text)
    column = lines[line - 1].index("preserved") + 1
    out = capsys.readouterr().out
    assert f"--> popup.yaml:{line}:{column}" in out
    shown = out.splitlines()
    caret = next(n for n, text in enumerate(shown) if "^^^^^^^^^" in text)
    assert shown[caret].index("^") == shown[caret - 1].index("preserved")
    assert "observed: severed" in shown[caret]
    assert out.count("error: ") == 1


def test_artifacts_have_pictures_and_the_record(folder: Path) -> None:
    name = write(folder, POPUP.replace(SEVERED, "popup.opener: preserved"))
    assert command("run", name, "-e", "chromium", "--artifacts", "kept") == 1
    kept = sorted(path for path in Path("kept").rglob("*") if path.is_file())
    assert [path.name for path in kept] == ["control.json", "record.json", "window-0.png", "window-1.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG\r\n") for path in kept[2:])
    record = json.loads(kept[1].read_text())
    assert json.loads(kept[0].read_text())["observed"] == {"popup.opener": "preserved"}
    assert record["case"] == "popup[coop=same-origin]"
    assert sorted(record["windows"]) == ["https://app.example/app", "https://idp.example/popup"]


def test_a_host_that_is_not_declared_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = write(
        folder,
        """
        title: It wants more
        pages:
          app: {html: "<img src='https://cdn.other.example/x.png' onload='isolab.say(`got`)'>"}
        flow: [open: app, {wait: app, says: got}]
        expect: {app.says.got: true}
        timeout: 8
    """,
    )
    assert command("run", name, "-e", "chromium") == 1
    assert "the scenario does not declare: cdn.other.example" in capsys.readouterr().out


def test_a_scenario_file_alone_in_another_folder_runs(folder: Path) -> None:
    shutil.copy(ROOT / "scenarios/signin/popup-postmessage.yaml", folder / "mine.yaml")
    assert command("run", "mine.yaml", "-e", "chromium", "-g", "app.coop=same-origin,idp.coop=absent") == 0


def test_a_browser_killed_in_the_middle_loses_no_case(chromium: Engine) -> None:
    text = POPUP.replace("popup: {host: idp}", 'popup: {host: idp, headers: {X-N: "${{ n }}"}}')
    cases = written(text.replace("coop: [null, same-origin]", "coop: [null, same-origin], n: [1, 2, 3, 4]"))
    killed: list[psutil.Process] = []
    before, told = children(), Told()

    def emit(event: Event) -> None:
        told(event)
        if isinstance(event, CaseStarted | CaseFinished) and not killed and len(told.results) >= 1:
            killed.extend(_browsers(before))
            for browser in killed:
                browser.kill()

    asyncio.run(run_cases(cases, [chromium], RunOptions(jobs=1), emit))
    assert told.end.defect is None
    assert [r.error for r in told.results if r.error] == []
    assert killed
    assert sorted(r.case.id for r in told.results) == sorted(case.id for case in cases)
    assert set(told.outcomes.values()) == {"passed"}
    assert children() <= before


def _browsers(before: set[psutil.Process]) -> list[psutil.Process]:
    """The browser's main process among those that this test has started."""
    return [child for child in children() - before if _is_browser(child)]


def _is_browser(process: psutil.Process) -> bool:
    said = words(process)
    return "--remote-debugging-pipe" in said and not any(word.startswith("--type=") for word in said)


def test_ctrl_c_ends_with_130_a_results_file_and_no_process(folder: Path) -> None:
    name = write(
        folder,
        """
        title: It takes long
        pages: {app: {}}
        flow: [open: app, {wait: app, says: never}]
        expect: {app.says.never: true}
        timeout: 300
    """,
    )
    running = process(folder, "run", name, "-e", "chromium", "--json", "out.json", "-v")
    watchdog = threading.Timer(60, running.kill)
    watchdog.start()
    try:
        started = _until_it_runs(running)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=50)
    finally:
        watchdog.cancel()
        running.kill()
    assert running.returncode == 130, out + err
    assert json.loads((folder / "out.json").read_text())["version"] == 1
    assert [child for child in started if lives(child)] == []


def test_a_watched_file_is_run_again_and_ctrl_c_leaves_no_process(folder: Path) -> None:
    name = write(folder, POPUP)
    running = process(folder, "run", name, "-e", "chromium", "--watch")
    watchdog = threading.Timer(120, running.kill)
    watchdog.start()
    try:
        started = _until_it_runs(running)
        # The last one: Debian's command is a script that starts the browser itself with the same words.
        *_, browser = filter(_is_browser, started)
        first = _until_it_watches(running)
        write(folder, POPUP.replace(SEVERED, "popup.opener: preserved"))
        second = _until_it_watches(running)
        still = lives(browser)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=50)
    finally:
        watchdog.cancel()
        running.kill()
        running.communicate()
    assert "2 passed in chromium" in first
    assert "changed: popup.yaml" in second
    assert "1 passed, 1 failed in chromium" in second
    assert still, "the browser of the first round serves the second one"
    assert running.returncode == 130, out + err
    assert [child for child in started if lives(child)] == []


def _until_it_watches(running: subprocess.Popen[str]) -> str:
    """Read what it says until a round is over."""
    assert running.stdout is not None
    said = ""
    while not said.endswith("(Ctrl-C ends)\n"):
        line = running.stdout.readline()
        assert line, said + running.communicate()[1]
        said += line
    return said


def _until_it_runs(running: subprocess.Popen[str]) -> list[psutil.Process]:
    """Read what it says until the browser is there; gives every process that belongs to it."""
    assert running.stdout is not None
    while running.poll() is None:
        line = running.stdout.readline()
        found = psutil.Process(running.pid).children(recursive=True)
        if line and any("--remote-debugging-pipe" in words(child) for child in found):
            return found
    raise AssertionError(running.communicate())


def test_the_same_case_twice_in_one_browser_is_as_in_two(chromium: Engine) -> None:
    told = flown_in(chromium, written(POPUP) * 3)
    assert [r.outcome for r in told.results] == ["passed"] * 6
