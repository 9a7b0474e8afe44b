"""What README's two commands call on a machine that has nothing but Python: set up, then run or test.

Standard library only, and importable by an older Python, so that it can say what is wrong.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isolab.engines.system import Run

ROOT = Path(__file__).resolve().parent.parent
MINIMUM = (3, 11)
STAMP = "isolab-installed"
MOST_WORKERS = 4
"""Processes that run tests at once, each with browsers of its own: more would want more memory than machines have."""
USAGE = """\
usage: python3 -m isolab.bootstrap run|test|setup [ARGUMENT...]

  run    set everything up, browsers included, and run the catalogue (arguments go to isolab run)
  test   set everything up and run the tests (arguments go to pytest)
  setup  set everything up
"""


class SetupError(Exception):
    """A step failed; the message says which, and shows what its command printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up and hand over; returns the exit code: 2 for wrong usage, 3 for a set-up that failed, else the command's.

    On POSIX systems it does not return from a hand-over: the command takes this process's place.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if sys.version_info[:2] < MINIMUM:
        return _refuse(f"isolab needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer; this is {sys.version.split()[0]}")
    if not words or words[0] not in ("run", "test", "setup"):
        return _refuse(USAGE)
    try:
        python = set_up(ROOT)
    except SetupError as error:
        print(f"isolab: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    command = [str(python), "-m", "isolab.engines.install"]
    code = subprocess.run(command, check=False).returncode
    if words[0] == "setup" and not code:
        _say(what_next(python))
    if code or words[0] == "setup":
        return code
    return hand_over([str(python), "-m", *_last(words[0]), *words[1:]])


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _last(word: str) -> list[str]:
    if word == "run":
        return ["isolab", "run"]
    # Those of one file share browsers.
    shared_out = ["-n", str(worker_count(os.cpu_count() or 1)), "--dist", "loadfile"]
    return ["pytest", "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), *shared_out]


def worker_count(cores: int) -> int:
    """How many processes share the tests: one more than there are cores, since tests wait for browsers now and then."""
    return min(cores + 1, MOST_WORKERS)


def set_up(root: Path, run: Run | None = None) -> Path:
    """Make the environment of the checkout `root` ready; returns its Python. Raises SetupError."""
    from isolab.engines.system import run_command

    run = run or run_command
    if not (root / "requirements.lock").is_file():
        raise SetupError(f"{root} is not a checkout of isolab (requirements.lock is missing): clone it first")
    prefix = Path(sys.prefix) if in_environment() else root / ".venv"
    python = Path(sys.executable) if in_environment() else environment_python(prefix)
    stamp = prefix / STAMP
    wanted = fingerprint(root)
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    if not run((str(python), "-m", "pip", "--version"), 60).ok:
        _get_pip(prefix, run)
    _install(root, python, run)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def in_environment() -> bool:
    """Whether this Python is that of a virtual environment already."""
    return sys.prefix != sys.base_prefix


def environment_python(folder: Path) -> Path:
    """Where a virtual environment has its Python."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def fingerprint(root: Path) -> str:
    """Name what an environment is installed from: the lock, the project file and the place (editable: a path)."""
    parts = ((root / name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))
    return hashlib.sha256(b"\0".join((*parts, str(root).encode()))).hexdigest()


def _get_pip(prefix: Path, run: Run) -> None:
    if in_environment():
        _step("get pip", (sys.executable, "-m", "ensurepip"), run)
    else:
        make_environment(prefix, run)


def make_environment(folder: Path, run: Run) -> None:
    """Make a virtual environment afresh; gets venv from the system where it is missing. Raises SetupError."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        _get_venv(run)
    _step(f"make a virtual environment in {folder}", (sys.executable, "-m", "venv", "--clear", str(folder)), run)


def _get_venv(run: Run) -> None:
    from isolab.engines.system import NeedsRootError, apt_install, package_manager

    # The versioned name is right for a Python that is not the system's first one, too.
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if package_manager() != "apt-get":
        raise SetupError("this Python comes without venv or ensurepip: install them, and start again")
    _say(f"get {package} (venv is missing)")
    try:
        ran = apt_install([package], run)
    except NeedsRootError as error:
        raise SetupError(
            f"{package} is missing and needs root. As root, run this, and start again:\n  {error}"
        ) from error
    if not ran.ok:
        raise SetupError(f"{package} could not be installed:\n{ran.output.rstrip()}")


def _install(root: Path, python: Path, run: Run) -> None:
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    lock = str(root / "requirements.lock")
    _step("install the packages of requirements.lock", (*pip, "--require-hashes", "-r", lock), run)
    # Hatchling comes from the lock: nothing that is not pinned is fetched to build isolab itself.
    _step("install isolab", (*pip, "--no-deps", "--no-build-isolation", "-e", str(root)), run)


def what_next(python: Path) -> str:
    """Say how the command `isolab` is called once all is set up with this Python."""
    if in_environment():
        return "all is set up: isolab doctor"
    activate = python.parent / "activate"
    shown = str(activate) if os.name == "nt" else f". {shlex.quote(str(activate))}"
    return f"all is set up. In each new shell, before `isolab`:\n  {shown}"


def _step(what: str, command: Sequence[str], run: Run) -> None:
    _say(what)
    ran = run(command)
    if not ran.ok:
        raise SetupError(f"could not {what} (exit code {ran.code}):\n  {' '.join(command)}\n{ran.output.rstrip()}")


def _say(what: str) -> None:
    print(f"isolab: {what}", flush=True)


def hand_over(command: Sequence[str]) -> int:
    """Run the last command. Where the system can, it takes this process's place, and so gets every signal itself."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], list(command))  # noqa: S606 - no shell is wanted
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # The console gave the interrupt to the command too, which ends by its own rules.


if __name__ == "__main__":
    sys.exit(main())
