"""Ctrl-C in a run of pytest: it ends as pytest does, and nothing of isolab's is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from contextlib import suppress

import psutil
import pytest
from started_processes import lives, words
from user_project import at_terminal, scenario

from isolab.engines.engine import Engine
from isolab.waiting import Deadline, poll

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(os.name != "posix", reason="a terminal's Ctrl-C goes to a process group"),
]

LONG = """\
title: It takes long
pages: {app: {html: "<p>waits"}}
flow: [open: app, {wait: app, says: never}]
expect: {app.says.never: true}
timeout: 300
"""
BY_HAND = """
def test_long(isolab_lab):
    print("begun", flush=True)
    lab = isolab_lab(timeout=300)
    lab.page("app")
    app = lab.open("app")
    app.wait(says="never")
    app.expect({"says.never": True})
"""


def _family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def _has_browser(engine: Engine, pid: int) -> bool:
    # The driver (node, WebKitWebDriver) comes first; a renderer only with the window of a case.
    marks = {"chromium": "--type=renderer", "firefox": "-contentproc", "webkit": "WebKitWebProcess"}
    return any(marks[engine.name] in " ".join(words(child)) for child in _family(pid))


def _until_it_runs(engine: Engine, running: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until a page is shown; gives all processes that pytest has started."""

    async def shown() -> list[psutil.Process] | None:
        if running.poll() is not None:
            raise AssertionError(running.communicate())
        with suppress(psutil.Error):  # one ended while it was looked at
            if _has_browser(engine, running.pid):
                return _family(running.pid)
        return None

    async def wait() -> list[psutil.Process]:
        with Deadline(90) as deadline:
            return await poll(shown, deadline)

    return asyncio.run(wait())


@pytest.mark.parametrize("written", ["file", "by hand"])
def test_ctrl_c_leaves_no_process(pytester: pytest.Pytester, engine: Engine, written: str) -> None:
    if written == "file":
        scenario(pytester, LONG)
    else:
        pytester.makepyfile(BY_HAND)
    with at_terminal(pytester, 150, "--isolab-engine", engine.name) as running:
        started = _until_it_runs(engine, running)
        os.killpg(running.pid, signal.SIGINT)
        out, _ = running.communicate()
    assert running.returncode == pytest.ExitCode.INTERRUPTED, out
    assert "KeyboardInterrupt" in out
    left = psutil.wait_procs(started, timeout=5)[1]
    assert [one for one in left if lives(one)] == []
