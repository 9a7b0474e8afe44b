from __future__ import annotations

from collections.abc import Collection

import pytest
from command_recorder import Recorder

from isolab.engines import install as module
from isolab.engines import remedy, system
from isolab.engines.discover import Found
from isolab.engines.install import install
from isolab.scenario.case import ENGINE_NAMES, EngineName


@pytest.fixture(autouse=True)
def _debian(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (module, remedy):
        monkeypatch.setattr(room, "package_manager", lambda: "apt-get")
    monkeypatch.setattr(remedy, "distribution", lambda: "debian")
    for room in (module, system):
        monkeypatch.setattr(room, "root_prefix", lambda run: ())
    monkeypatch.setattr("sys.platform", "linux")


def nothing(names: Collection[EngineName]) -> list[Found]:
    return []


def everything(names: Collection[EngineName]) -> list[Found]:
    return [Found(name, "playwright", "x", False, "test") for name in names]


def test_a_refused_download_is_tried_once_and_the_system_helps_for_all() -> None:
    run, said = (
        Recorder(failing=("playwright",), output="...\nError: getaddrinfo ENOTFOUND a.host\n  at x"),
        list[str](),
    )
    assert install(ENGINE_NAMES, said.append, run=run, find=everything) == []
    assert len(run.having("playwright")) == 1
    installed = {word for command in run.having("apt-get", "install") for word in command}
    assert {"chromium-headless-shell", "firefox-esr", "webkit2gtk-driver", "xvfb"} <= installed
    assert any("ENOTFOUND" in line for line in said)


def test_a_download_has_a_deadline_and_a_package_manager_has_none() -> None:
    run = Recorder(failing=("playwright",))
    install(["firefox"], lambda _: None, run=run, find=everything)
    for command, deadline in zip(run.commands, run.deadlines, strict=True):
        assert (deadline is not None) == ("playwright" in command), command


def test_downloaded_builds_get_their_libraries_and_no_packages_beside() -> None:
    run = Recorder()
    assert install(ENGINE_NAMES, lambda _: None, run=run, find=everything) == []
    assert len(run.having("playwright", "install")) == 3
    assert run.commands[-1][-4:] == ("install-deps", "chromium-headless-shell", "firefox", "webkit")
    assert run.having("apt-get") == []


def test_only_what_the_download_left_comes_from_the_system() -> None:
    run = Recorder(failing=("webkit",))
    install(ENGINE_NAMES, lambda _: None, run=run, find=everything)
    assert [command[-3:] for command in run.having("apt-get", "install")] == [("webkit2gtk-driver", "xvfb", "dbus")]


def test_a_package_that_a_release_lacks_gives_way_to_the_next() -> None:
    run = Recorder(failing=("playwright", "chromium-headless-shell"))
    install(["chromium"], lambda _: None, run=run, find=everything)
    assert run.commands[-1][-1] == "chromium"


def test_what_is_not_there_afterwards_is_reported_missing_whatever_the_commands_said() -> None:
    assert install(["webkit", "chromium"], lambda _: None, run=Recorder(), find=nothing) == ["chromium", "webkit"]


def test_a_failing_package_shows_what_apt_said() -> None:
    said: list[str] = []
    run = Recorder(failing=("playwright", "install"), output="E: disk full")
    install(["firefox"], said.append, run=run, find=nothing)
    assert "E: disk full" in said[-1]


def test_without_rights_the_command_is_told_for_each_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (module, system):
        monkeypatch.setattr(room, "root_prefix", lambda run: None)
    run, said = Recorder(failing=("playwright",)), list[str]()
    assert install(ENGINE_NAMES, said.append, run=run, find=nothing) == list(ENGINE_NAMES)
    assert run.having("apt-get") == []
    told = "\n".join(said)
    assert "As root" in told
    assert "--no-install-recommends firefox-esr" in told
    assert "--no-install-recommends webkit2gtk-driver xvfb dbus" in told


def test_downloaded_builds_without_rights_tell_how_to_get_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "root_prefix", lambda run: None)
    run, said = Recorder(), list[str]()
    assert install(["webkit"], said.append, run=run, find=everything) == []
    assert "install-deps webkit" in said[-1]
    assert run.having("install-deps") == []


def test_ubuntu_snaps_are_not_installed_but_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remedy, "distribution", lambda: "ubuntu")
    run, said = Recorder(failing=("playwright",)), list[str]()
    install(["chromium", "webkit"], said.append, run=run, find=nothing)
    assert [c[-3:] for c in run.having("apt-get", "install")] == [("webkit2gtk-driver", "xvfb", "dbus")]
    assert any("snap" in line and "playwright install" in line for line in said)
