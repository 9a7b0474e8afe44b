"""pytest runs scenario files as tests, and gives tests written by hand a lab and real engines (docs/pytest.md).

Loaded by pytest wherever isolab is installed: so nothing else of isolab is imported before a test needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from isolab.pytest_plugin import options

if TYPE_CHECKING:
    from isolab.pytest_plugin.handmade import LabMaker, TestLab
    from isolab.pytest_plugin.house import House
    from isolab.pytest_plugin.results import Results
    from isolab.scenario.case import EngineName

HOUSE: pytest.StashKey[House] = pytest.StashKey()
RESULTS: pytest.StashKey[Results] = pytest.StashKey()
UNMATCHED: pytest.StashKey[list[str]] = pytest.StashKey()
LABS: pytest.StashKey[list[TestLab]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add isolab's options."""
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and refuse what ini file and options say wrongly before anything is collected."""
    options.check(config)
    if target := config.getoption("--isolab-json"):
        from isolab.pytest_plugin.results import Results

        config.stash[RESULTS] = Results(target)
    config.addinivalue_line("markers", "isolab: a case of a scenario file, or a test that uses an isolab_ fixture")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenario files."""
    if not options.is_scenario(file_path, parent.config):
        return None
    from isolab.pytest_plugin.items import ScenarioFile

    return ScenarioFile.from_parent(parent, path=file_path)


def pytest_collection_finish(session: pytest.Session) -> None:
    """See which patterns mean no file: of those that are misspelt, no test would say so."""
    session.config.stash[UNMATCHED] = options.unmatched(session.config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses isolab's fixtures once in each engine; pytest-playwright's `browser_name` goes first."""
    if "isolab_engine" in metafunc.fixturenames and "browser_name" not in metafunc.fixturenames:
        metafunc.parametrize("isolab_engine", options.engine_names(metafunc.config), indirect=True, scope="session")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that use isolab's fixtures."""
    if "isolab_engine" in getattr(item, "fixturenames", ()):
        item.add_marker("isolab")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Note that the turn of a case has come: what skips it now, skips it for good."""
    if hasattr(item, "has_had_its_turn"):
        item.has_had_its_turn = True


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what pytest-playwright's marks leave out in this engine."""
    engine = options.engine_of(item)
    if engine and (why := options.why_skipped(item, engine)):
        pytest.skip(why)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passes with steps of a lab that nothing has run: what it waits for was never seen."""
    done = yield
    if left := [lab.unflown for lab in item.stash.get(LABS, ()) if lab.unflown]:
        pytest.fail("\n".join(left), pytrace=False)
    return done


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Watch pytest-playwright's context from its beginning, where a test module has isolab's assertions."""
    made = yield
    if fixturedef.argname == "context" and (expect := sys.modules.get("isolab.expect")) and _is_playwrights(made):
        expect.watch(made)
    return made


def _is_playwrights(made: object) -> bool:
    """Whether a fixture has made something of Playwright's: a project may have a `context` of another kind."""
    return type(made).__module__.startswith("playwright.") and hasattr(made, "pages")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where pytest-playwright finds no browser, say how it comes by one: isolab may have found another."""
    report = yield
    # Only then is there something of isolab's to import.
    if call.excinfo is not None and call.excinfo.type.__module__.startswith("playwright."):
        from isolab.pytest_plugin import builds

        if not builds.is_missing(call.excinfo.value):
            return report
        # The fixture's value is not there yet where the browser fails; the parameter is.
        params = item.callspec.params if hasattr(item, "callspec") else {}
        browser = params.get("browser_name", "chromium")
        found = {engine.name: engine for engine in options.all_engines(item.config)}
        report.sections.append(("isolab", builds.advice(browser, found)))
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Remember each process of pytest-xdist's: in the end it has handed its results over, or has died."""
    if results := node.config.stash.get(RESULTS, None):
        results.share_with(node)


# After pytest-xdist's, which waits for what its processes have still to say when the run is interrupted.
@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End the browsers, and write the results file where one is asked for."""
    if house := session.config.stash.get(HOUSE, None):
        house.close()
    if results := session.config.stash.get(RESULTS, None):
        results.finish(session, house, interrupted=exitstatus == pytest.ExitCode.INTERRUPTED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what is to be noted of the run; of a process of pytest-xdist's the results file has it."""
    house = config.stash.get(HOUSE, None)
    for note in () if house is None else house.notes:
        terminalreporter.write_line(f"isolab: {note}")
    for pattern in config.stash.get(UNMATCHED, ()):
        terminalreporter.write_line(f"isolab: isolab_files = {pattern} means no file of those that were collected")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the browsers, where the session did not come to its end."""
    if house := config.stash.get(HOUSE, None):
        house.close()


def house_of(config: pytest.Config) -> House:
    """The browsers and the lab of this test process, begun with the first test that needs them."""
    if HOUSE not in config.stash:
        from isolab.pytest_plugin.house import House

        results, found = config.stash.get(RESULTS, None), options.found_engines(config)
        if results is not None:
            results.know(found)
        listener = None if results is None else results.tally
        config.stash[HOUSE] = House(found, options.run_options(config), listener)
    return config.stash[HOUSE]


# Not of the session where it has no parameter of its own: pytest would keep the first browser's name for the second.
@pytest.fixture
def isolab_engine(request: pytest.FixtureRequest) -> EngineName:
    """The engine's name; a test that uses it runs once in each engine, or in that of pytest-playwright's `browser`."""
    asked: EngineName | None = getattr(request, "param", None)
    if asked is None and "browser_name" not in request.fixturenames:
        return options.only_engine(request.config)
    return asked or request.getfixturevalue("browser_name")


@pytest.fixture
def isolab_lab(request: pytest.FixtureRequest, isolab_engine: EngineName) -> LabMaker:
    """A function that declares a lab: hosts and pages in Python, as a scenario file has them (docs/pytest.md)."""
    from isolab.pytest_plugin.handmade import LabMaker

    # Those of this try: a plugin may run the test again.
    labs: list[TestLab] = []
    request.node.stash[LABS] = labs
    return LabMaker(house_of(request.config), isolab_engine, request.node.nodeid, labs.append)
