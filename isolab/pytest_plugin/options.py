"""What the command line and the ini file say: which files are scenarios, which engines they run in, and how."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from isolab.engines.engine import Engine
    from isolab.runner.options import RunOptions
    from isolab.scenario.case import EngineName

NAMES: tuple[EngineName, ...] = ("chromium", "firefox", "webkit")
ENDINGS = (".isolab.yaml", ".isolab.yml")


def add(parser: pytest.Parser) -> None:
    """Add the options, all of which begin with `--isolab-`, and the ini keys, which begin with `isolab_`."""
    group = parser.getgroup("isolab", "browser isolation in real engines")
    group.addoption(
        "--isolab-engine",
        action="append",
        default=[],
        choices=NAMES,
        help="run scenarios in this engine only (repeatable; default: pytest-playwright's --browser, else all found)",
    )
    group.addoption("--isolab-headed", action="store_true", help="show the windows of isolab's browsers")
    group.addoption("--isolab-timeout", type=float, metavar="SECONDS", help="deadline of each case, instead of its own")
    group.addoption("--isolab-artifacts", type=Path, metavar="DIR", help="keep records of failed cases there")
    group.addoption("--isolab-json", metavar="FILE", help="write isolab's results file, for `isolab report`")
    parser.addini("isolab_engines", "engines to run scenarios in (default: all that are found)", type="args")
    parser.addini("isolab_files", "scenario files besides *.isolab.yaml, as patterns from the root folder", type="args")


def check(config: pytest.Config) -> None:
    """Refuse what cannot work before anything is collected. Raises UsageError."""
    asked_engines(config)
    artifacts: Path | None = config.getoption("--isolab-artifacts")
    if artifacts is not None and artifacts.exists() and not artifacts.is_dir():
        raise pytest.UsageError(f"--isolab-artifacts: {artifacts} is a file, and a folder is wanted")
    if (seconds := config.getoption("--isolab-timeout")) is not None:
        _check_timeout(seconds)


def _check_timeout(seconds: float) -> None:
    from pydantic import TypeAdapter, ValidationError

    from isolab.scenario.values import Timeout

    try:
        TypeAdapter(Timeout).validate_python(seconds)
    except ValidationError as error:
        rule = error.errors()[0]["ctx"]
        raise pytest.UsageError(f"--isolab-timeout: {rule['message']}: {rule['hint']}") from None


def is_scenario(path: Path, config: pytest.Config) -> bool:
    """Whether a file is to be collected."""
    if path.name.endswith(ENDINGS):
        return True
    if path.suffix not in (".yaml", ".yml") or not path.is_relative_to(config.rootpath):
        return False
    name = path.relative_to(config.rootpath).as_posix()
    meant = {pattern for pattern in config.getini("isolab_files") if _matches(name, pattern)}
    config.stash.setdefault(_MATCHED, set()).update(meant)
    return bool(meant)


_MATCHED: pytest.StashKey[set[str]] = pytest.StashKey()


def unmatched(config: pytest.Config) -> list[str]:
    """Patterns of the ini file by which nothing was collected, though no path was named on the command line."""
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return []
    return [pattern for pattern in config.getini("isolab_files") if pattern not in config.stash.get(_MATCHED, set())]


def _matches(name: str, pattern: str) -> bool:
    """Whether a pattern of the ini file means a path; `**/` is any folders or none, a folder's name all below it."""
    plain = pattern.removeprefix("./")
    whole = f"{plain}*" if plain.endswith("/") else plain
    return fnmatch(name, whole) or fnmatch(name, whole.replace("**/", ""))


def asked_engines(config: pytest.Config) -> list[EngineName]:
    """The engines that are asked for, none where nobody does.

    pytest-playwright's `--browser` counts where isolab's own option is not given.
    """
    own = config.getoption("--isolab-engine")
    playwright = _browsers(config) if config.getoption("--browser", default=None) else []
    listed = config.getini("isolab_engines")
    if strange := [name for name in listed if name not in NAMES]:
        raise pytest.UsageError(f"isolab_engines: {strange[0]} is no engine; they are {', '.join(NAMES)}")
    return list(dict.fromkeys(own or playwright or listed))


def engine_names(config: pytest.Config) -> list[EngineName]:
    """The engines to run in: those that are asked for, else those that are here; all where none is.

    Then each test says that it cannot run.
    """
    return asked_engines(config) or [engine.name for engine in found_engines(config)] or list(NAMES)


def only_engine(config: pytest.Config) -> EngineName:
    """The engine of a test that pytest could not repeat for each, as it asked for isolab's fixture while it ran.

    The test fails where there are several.
    """
    name, *others = engine_names(config)
    if others:
        pytest.fail(
            f"this test asks for an engine as it runs, and there are {len(others) + 1}: take `isolab_lab` or "
            "`isolab_engine` as an argument of a test function, which then runs once in each, or name one engine "
            f"(--isolab-engine {name})",
            pytrace=False,
        )
    return name


_FOUND: pytest.StashKey[list[Engine]] = pytest.StashKey()


def found_engines(config: pytest.Config) -> list[Engine]:
    """The engines on this machine of those that are asked for, and of those in which tests with a `page` run."""
    if _FOUND not in config.stash:
        from isolab.engines.engine import EngineError
        from isolab.engines.registry import find_engines

        asked = asked_engines(config)
        try:
            config.stash[_FOUND] = find_engines({*asked, *_browsers(config)} if asked else None, headed=_headed(config))
        except EngineError as error:
            raise pytest.UsageError(str(error)) from error
    return config.stash[_FOUND]


def _browsers(config: pytest.Config) -> list[EngineName]:
    """Those of pytest-playwright, where it is there; without its option it takes Chromium."""
    named: list[str] | None = config.getoption("--browser", default=None)
    asked = [] if named is None else named or ["chromium"]
    return [name for each in asked for name in NAMES if name == each]


def all_engines(config: pytest.Config) -> list[Engine]:
    """The engines on this machine, whatever is asked for; none where the environment names one wrongly."""
    from isolab.engines.engine import EngineError
    from isolab.engines.registry import find_engines

    try:
        return find_engines(headed=_headed(config))
    except EngineError:
        return []


def run_options(config: pytest.Config) -> RunOptions:
    """How cases are run."""
    from isolab.runner.options import RunOptions

    # As it is meant here: a test may go to another folder.
    artifacts: Path | None = config.getoption("--isolab-artifacts")
    return RunOptions(
        timeout_s=config.getoption("--isolab-timeout"),
        artifacts=artifacts and artifacts.absolute(),
        headed=_headed(config),
    )


def _headed(config: pytest.Config) -> bool:
    return bool(config.getoption("--isolab-headed") or config.getoption("--headed", default=False))


def engine_of(item: pytest.Item) -> str | None:
    """The engine that an item of isolab's runs in."""
    own = getattr(item, "isolab_engine", None)
    call = getattr(item, "callspec", None)
    return own or (call.params.get("isolab_engine") if call else None)


def why_skipped(item: pytest.Item, engine: str) -> str | None:
    """Heed pytest-playwright's marks: `skip_browser(NAME)` and `only_browser(NAME)`."""
    if any(engine in mark.args for mark in item.iter_markers("skip_browser")):
        return f"skipped for this browser: {engine}"
    only = [mark.args for mark in item.iter_markers("only_browser") if mark.args]
    return f"skipped for this browser: {engine}" if only and not any(engine in names for names in only) else None
