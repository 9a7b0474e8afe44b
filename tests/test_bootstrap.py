from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from isolab import bootstrap
from isolab.bootstrap import STAMP, SetupError, environment_python, set_up, worker_count
from isolab.engines import system
from isolab.engines.system import NeedsRootError, Ran

ROOT = Path(__file__).resolve().parent.parent


class Steps:
    """Stands in for running commands: a venv is made as an empty Python, the rest only recorded."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.commands: list[str] = []

    def __call__(
        self, command: Sequence[str], timeout_s: float | None = None, environ: Mapping[str, str] | None = None
    ) -> Ran:
        line = " ".join(command)
        self.commands.append(line)
        if self.failing and self.failing in line:
            return Ran(tuple(command), 9, "the reason")
        if "venv" in command:
            python = environment_python(Path(command[-1]))
            python.parent.mkdir(parents=True)
            python.touch()
        here = Path(command[0]).exists() or "/" not in command[0]
        return Ran(tuple(command), 0 if here else system.NOT_FOUND, "")

    def having(self, text: str) -> list[str]:
        return [line for line in self.commands if text in line]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.lock").write_text("a==1 --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(bootstrap, "in_environment", lambda: False)
    return tmp_path


def without(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    real = importlib.util.find_spec

    def find(module: str, package: str | None = None) -> ModuleSpec | None:
        return None if module == name else real(module, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)


def test_a_bare_checkout_gets_an_environment_the_lock_and_isolab_in_this_order(checkout: Path) -> None:
    run = Steps()
    python = set_up(checkout, run)
    assert python == environment_python(checkout / ".venv")
    made, locked, own = (next(i for i, c in enumerate(run.commands) if t in c) for t in ("-m venv", "-r ", "-e "))
    assert made < locked < own
    assert "--require-hashes" in run.commands[locked]
    assert "--no-deps" in run.commands[own]
    assert "--no-build-isolation" in run.commands[own]


def test_nothing_is_run_when_all_is_there(checkout: Path) -> None:
    set_up(checkout, Steps())
    again = Steps()
    set_up(checkout, again)
    assert again.commands == []


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_into_the_same_environment(checkout: Path, changed: str) -> None:
    set_up(checkout, Steps())
    (checkout / changed).write_text("# new\n")
    run = Steps()
    set_up(checkout, run)
    assert run.having("--require-hashes")
    assert not run.having("-m venv")


def test_a_broken_environment_is_made_anew(checkout: Path) -> None:
    set_up(checkout, Steps())
    python = environment_python(checkout / ".venv")
    python.unlink()
    python.parent.rmdir()
    run = Steps()
    set_up(checkout, run)
    assert "--clear" in run.having("-m venv")[0]
    assert run.having("--require-hashes")


def test_a_failed_step_shows_its_output_and_leaves_no_stamp(checkout: Path) -> None:
    with pytest.raises(SetupError, match=r"(?s)packages of requirements.lock.*the reason"):
        set_up(checkout, Steps(failing="--require-hashes"))
    assert not (checkout / ".venv" / STAMP).exists()


def test_an_environment_that_is_active_is_used(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    active = checkout / "active"
    active.mkdir()
    monkeypatch.setattr(bootstrap, "in_environment", lambda: True)
    monkeypatch.setattr(sys, "prefix", str(active))
    run = Steps()
    assert set_up(checkout, run) == Path(sys.executable)
    assert (active / STAMP).exists()
    assert not (checkout / ".venv").exists()
    assert not run.having("-m venv")


def test_a_missing_venv_comes_from_apt_by_the_name_of_this_python(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "ensurepip")
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    monkeypatch.setattr(system, "root_prefix", lambda run: ())
    run = Steps()
    set_up(checkout, run)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert run.commands.index(run.having(package)[0]) < run.commands.index(run.having("-m venv")[0])


def test_a_missing_venv_without_rights_tells_the_command(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ensurepip")
    monkeypatch.setattr(system, "package_manager", lambda: "apt-get")
    monkeypatch.setattr(system, "root_prefix", lambda run: None)
    with pytest.raises(SetupError, match=r"(?s)needs root.*apt-get install .*-venv") as raised:
        set_up(checkout, Steps())
    assert isinstance(raised.value.__cause__, NeedsRootError)


def test_a_missing_venv_without_apt_says_what_is_missing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ensurepip")
    monkeypatch.setattr(system, "package_manager", lambda: "brew")
    with pytest.raises(SetupError, match="venv or ensurepip"):
        set_up(checkout, Steps())


def test_what_is_no_checkout_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="not a checkout"):
        set_up(tmp_path, Steps())


def test_an_old_python_gets_a_clear_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "MINIMUM", (99, 1))
    assert bootstrap.main(["run"]) == 2
    assert "needs Python 99.1" in capsys.readouterr().err


def test_an_old_python_can_read_the_module_to_say_so() -> None:
    for module in ("__init__.py", "bootstrap.py"):
        ast.parse((ROOT / "isolab" / module).read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("arguments", [[], ["fly"], ["--help"]])
def test_wrong_words_show_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(arguments) == 2
    assert "run|test|setup" in capsys.readouterr().err


def test_it_needs_the_standard_library_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import isolab.bootstrap, isolab.engines.system;"
        "print(*{m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names) - {'isolab'})"
    )
    ran = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


@pytest.mark.parametrize(("cores", "expected"), [(1, 2), (2, 3), (3, 4), (64, 4)])
def test_the_tests_are_shared_by_one_process_more_than_there_are_cores(cores: int, expected: int) -> None:
    assert worker_count(cores) == expected


@pytest.mark.parametrize(("code", "expected"), [("raise SystemExit(5)", 5), ("pass", 0)])
def test_the_exit_code_is_that_of_the_last_command(code: str, expected: int) -> None:
    script = (
        f"import sys; from isolab.bootstrap import hand_over; sys.exit(hand_over([sys.executable, '-c', {code!r}]))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == expected


@pytest.mark.parametrize(
    ("words", "last"),
    [(["run", "-e", "firefox"], ["isolab", "run", "-e", "firefox"]), (["test", "-x"], ["pytest", "-x"])],
)
def test_further_words_go_to_the_last_command(
    monkeypatch: pytest.MonkeyPatch, words: list[str], last: list[str]
) -> None:
    handed: list[str] = []

    def take(command: Sequence[str]) -> int:
        handed.extend(command)
        return 0

    monkeypatch.setattr(bootstrap, "set_up", lambda root: Path("python-of-the-environment"))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    monkeypatch.setattr(bootstrap, "hand_over", take)
    assert bootstrap.main(words) == 0
    assert handed[:3] == ["python-of-the-environment", "-m", last[0]]
    assert handed[-len(last) + 1 :] == last[1:]


@pytest.mark.parametrize("active", [True, False])
def test_set_up_says_how_the_command_is_called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], active: bool
) -> None:
    monkeypatch.setattr(bootstrap, "set_up", lambda root: Path("a checkout", ".venv", "bin", "python"))
    monkeypatch.setattr(bootstrap, "in_environment", lambda: active)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    assert bootstrap.main(["setup"]) == 0
    told = capsys.readouterr().out
    assert ("isolab doctor" in told) is active
    assert ("'a checkout/.venv/bin/activate'" in told) is (not active)


def test_engines_that_cannot_be_had_stop_it_with_their_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "set_up", lambda root: Path("python-of-the-environment"))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 3))
    monkeypatch.setattr(bootstrap, "hand_over", lambda command: pytest.fail("handed over without engines"))
    assert bootstrap.main(["run"]) == 3
