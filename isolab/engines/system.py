"""The machine's own commands: run one, learn with which rights, and ask its package manager for packages.

Standard library only: :mod:`isolab.bootstrap` uses this before anything is installed.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120")
APT_UPDATE = (*APT, "update")
APT_INSTALL = (*APT, "install", "-y", "--no-install-recommends")
NOT_FOUND = 127
TIMED_OUT = 124
_MANAGERS = ("apt-get", "dnf", "pacman", "brew")


class NeedsRootError(Exception):
    """The command needs rights that this user has not got here; the message is the command to type."""


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code (127: no such program, 124: deadline) and all that it printed."""

    command: tuple[str, ...]
    code: int
    output: str

    @property
    def ok(self) -> bool:
        """Whether it ended with exit code 0."""
        return self.code == 0


class Run(Protocol):
    """The one way in which commands are run; tests give a recorder in its place. `timeout_s` None: no deadline."""

    def __call__(
        self, command: Sequence[str], timeout_s: float | None = None, environ: Mapping[str, str] | None = None
    ) -> Ran:
        """Run a command to its end."""


def run_command(
    command: Sequence[str], timeout_s: float | None = None, environ: Mapping[str, str] | None = None
) -> Ran:
    """Run a command to its end without input; `environ` is added to the environment.

    With a deadline the command is the head of a process group of its own, which ends as a whole when time is up.
    Without one it stays with the terminal, so that sudo can ask there.
    """
    group = timeout_s is not None and os.name == "posix"
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **(environ or {})},
            start_new_session=group,
        )
    except OSError as error:
        return Ran(tuple(command), NOT_FOUND, str(error))
    with process:
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _end(process, group)
            output, _ = process.communicate()
            return Ran(tuple(command), TIMED_OUT, f"{output}\nno end after {timeout_s:g} s")
        except BaseException:
            _end(process, group)
            raise
    return Ran(tuple(command), process.returncode, output)


def _end(process: subprocess.Popen[str], group: bool) -> None:
    if group and sys.platform != "win32":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def root_prefix(run: Run = run_command) -> tuple[str, ...] | None:
    """Return what makes a command run as root: nothing for root, else sudo; None where this user has no such way."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return ()
    if run(("sudo", "-n", "true"), 10).ok:
        return ("sudo", "-n")
    return ("sudo",) if shutil.which("sudo") and sys.stdin.isatty() else None


def package_manager() -> str | None:
    """Name the package manager of this machine by its program, or None."""
    return next((name for name in _MANAGERS if shutil.which(name)), None)


def distribution() -> str:
    """Return the `ID` of os-release (os-release(5)), such as `debian`; "" where there is none."""
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""


def apt_command(packages: Sequence[str]) -> str:
    """Write the line that a person types as root to install the packages."""
    return f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"


def apt_install(packages: Sequence[str], run: Run = run_command) -> Ran:
    """Install the newest of Debian packages as root.

    The lists are fetched first: on a new machine they are missing, and an old one gives a browser that is too old.
    Raises NeedsRootError where neither root nor sudo is to be had.
    """
    prefix = root_prefix(run)
    if prefix is None:
        raise NeedsRootError(apt_command(packages))
    # A list that cannot be fetched (another vendor's, say) need not be the one that is wanted: the install decides.
    run((*prefix, *APT_UPDATE))
    return run((*prefix, *APT_INSTALL, *packages))
