from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from fake_driver import mute_driver
from started_processes import lives

from isolab.engines import webkitgtk
from isolab.engines.webkitgtk import Browser, Unanswered, new_options, new_service, told

CAPABILITIES = {
    "acceptInsecureCerts",
    "browserName",
    "pageLoadStrategy",
    "timeouts",
    "unhandledPromptBehavior",
    "webkitgtk:browserOptions",
}
"""What WebKitWebDriver knows; it refuses to start a browser for others."""


def test_what_is_asked_of_a_browser() -> None:
    """To dismiss dialogs, and to give up a page before the command itself is given up."""
    asked = new_options("/opt/MiniBrowser", 4711).to_capabilities()
    assert set(asked) <= CAPABILITIES
    assert asked["unhandledPromptBehavior"] == "dismiss"
    assert asked["timeouts"]["pageLoad"] < webkitgtk.COMMAND_S * 1000
    started = asked["webkitgtk:browserOptions"]
    assert started["binary"] == "/opt/MiniBrowser"
    assert "--proxy=http://127.0.0.1:4711" in started["args"]


def test_a_driver_that_starts_no_browser_ends_and_so_does_what_it_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webkitgtk, "COMMAND_S", 0.2)
    service = new_service(str(mute_driver(tmp_path, starts=False)), dict(os.environ))
    service.start()
    (child,) = psutil.Process(service.process.pid).children()
    with pytest.raises(Unanswered) as error:
        Browser(new_options("MiniBrowser", 1), service)
    assert told(error.value) == "WebKitWebDriver: it did not answer `newSession` within 0.2 s"
    assert service.process.poll() is not None
    assert not lives(child)


def test_the_driver_is_out_of_reach_of_ctrl_c_at_the_terminal(tmp_path: Path) -> None:
    service = new_service(str(mute_driver(tmp_path, starts=False)), dict(os.environ))
    service.start()
    try:
        assert os.getsid(service.process.pid) == service.process.pid
    finally:
        webkitgtk.end_driver(service)


def test_a_driver_that_was_never_started_is_ended_in_vain() -> None:
    webkitgtk.end_driver(new_service("/opt/none", {}))
