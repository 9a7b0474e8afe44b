"""Get the engines that are missing: Playwright's builds, and where those are refused the system's packages."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Collection

from isolab.engines.discover import Found, discover
from isolab.engines.engine import EngineError
from isolab.engines.npm import get_libraries
from isolab.engines.remedy import TARGETS, Remedy, debian_packages, missing
from isolab.engines.system import NeedsRootError, Ran, Run, apt_install, package_manager, root_prefix, run_command
from isolab.scenario.case import ENGINE_NAMES, EngineName

__all__ = ["Remedy", "install", "main", "missing"]

Echo = Callable[[str], None]
Find = Callable[[Collection[EngineName]], list[Found]]

# A build has 100 to 200 MB: a slow line gets it within this time.
DOWNLOAD_TIMEOUT_S = 900.0
# Playwright tries each of its addresses several times; a host that does not answer must not take minutes.
_IMPATIENT = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "5000"}
_SHOWN_LINES = 8


def install(
    names: Collection[EngineName], echo: Echo, *, run: Run = run_command, find: Find = discover
) -> list[EngineName]:
    """Install engines; returns those that are missing still. `echo` gets one line a step, and what went wrong."""
    wanted = [name for name in ENGINE_NAMES if name in names]
    downloaded = _download(wanted, echo, run)
    if downloaded and sys.platform == "linux":
        get_browser_libraries(downloaded, echo, run=run)
    for name in wanted:
        if name not in downloaded:
            _from_system(name, echo, run)
    here = {found.name for found in find(wanted)}
    return [name for name in wanted if name not in here]


def _download(names: Collection[EngineName], echo: Echo, run: Run) -> list[EngineName]:
    """Playwright's builds, one by one: after the first that is not to be had, no other is asked for."""
    done: list[EngineName] = []
    for name in names:
        echo(f"get {name}: Playwright's own build")
        command = (sys.executable, "-m", "playwright", "install", "--no-progress", TARGETS[name])
        ran = run(command, DOWNLOAD_TIMEOUT_S, _IMPATIENT)
        if not ran.ok:
            echo(f"Playwright's {name} is not to be had here: {_first_error(ran)}")
            break
        done.append(name)
    return done


def _first_error(ran: Ran) -> str:
    lines = [line.strip() for line in ran.output.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("Error")), lines[-1] if lines else f"exit code {ran.code}")


def get_browser_libraries(names: Collection[EngineName], echo: Echo, *, run: Run = run_command) -> None:
    """Get the libraries that Playwright's builds stand on: Playwright knows the packages, root may install them.

    Linux only: elsewhere they come with the system.
    """
    command = (sys.executable, "-m", "playwright", "install-deps", *(TARGETS[name] for name in names))
    prefix = root_prefix(run)
    if prefix is None:
        echo(f"if a browser does not start, its libraries are missing. As root, run this:\n  {shlex.join(command)}")
        return
    echo("get the libraries of Playwright's builds")
    ran = run((*prefix, *command))
    if not ran.ok:
        echo(f"not all libraries could be installed:\n{_tail(ran)}")


def _from_system(name: EngineName, echo: Echo, run: Run) -> None:
    """Get the distribution's own package; where it is not known or not allowed, show the command to type."""
    sets = debian_packages(name) if package_manager() == "apt-get" else ()
    if not sets:
        _explain(name, echo)
        return
    echo(f"get {name}: this system's packages ({', '.join(sets[0])})")
    try:
        tries = _try_sets(sets, run)
    except NeedsRootError as command:
        echo(f"{name} needs root. As root, run this, and start again:\n  {command}")
        return
    if not tries[-1].ok:
        echo(f"{name} could not be installed:\n{_tail(tries[0])}")


def _try_sets(sets: Collection[tuple[str, ...]], run: Run) -> list[Ran]:
    tries: list[Ran] = []
    for packages in sets:
        tries.append(apt_install(packages, run))
        if tries[-1].ok:
            break
    return tries


def _explain(name: EngineName, echo: Echo) -> None:
    for remedy in missing((), [name]):
        ways = "".join(f"\n  {command}" for command in remedy.commands)
        echo(f"{name}: {remedy.why}. Ways to get it:{ways}")


def _tail(ran: Ran) -> str:
    return "\n".join(ran.output.rstrip().splitlines()[-_SHOWN_LINES:])


def main() -> int:
    """Get every engine that is missing; exit code 3 where one still is."""

    def say(text: str) -> None:
        print(f"isolab: {text}", flush=True)

    try:
        wanted = [remedy.engine for remedy in missing(discover())]
        left = install(wanted, say) if wanted else []
        get_libraries(say)
    except EngineError as error:
        print(f"isolab: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    for remedy in missing((), left):
        say(f"{remedy.engine}: {remedy.why}")
    if left:
        say(f"still missing: {', '.join(left)}. With the engines that are here: {sys.executable} -m isolab run")
    return 3 if left else 0


if __name__ == "__main__":
    sys.exit(main())
