"""What was not run, or was lost, is no success: neither in pytest's own report nor in the results file."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from user_project import at_terminal, run, scenario

from isolab.reports.form import ResultsFile
from isolab.reports.reread import read
from isolab.reports.retold import exit_code_of

TESTS = str(Path(__file__).parents[1])

FAKE = f"""
import sys
sys.path.insert(0, {TESTS!r})
import isolab.engines.registry
from fake_browser import FakeEngine

def find_engines(names=None, *, headed=False):
    return [] if names is not None and "chromium" not in names else [FakeEngine().engine]

isolab.engines.registry.find_engines = find_engines
"""
"""In a conftest.py: this machine has Chromium, and a made-up one, so that these tests need no browser."""


@pytest.fixture(autouse=True)
def made_up(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(FAKE)


def cases(pytester: pytest.Pytester, *arguments: str) -> ResultsFile:
    """What the file says of a run in Chromium, whatever came of it."""
    run(pytester, "--isolab-engine", "chromium", "--isolab-json", "out.json", *arguments)
    return read(pytester.path / "out.json")


def ids(file: ResultsFile) -> list[str]:
    return [entry["id"].partition(".isolab")[2] for entry in file["results"]]


FAILS = "def test_it(): assert False"


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_an_engine_that_is_not_here_is_no_success_of_the_others(
    pytester: pytest.Pytester, more: tuple[str, ...]
) -> None:
    scenario(pytester)
    file = cases(pytester, "--isolab-engine", "webkit", *more)
    assert file["summary"]["passed"] == 2
    assert (file["unavailable"], exit_code_of(file)) == (["webkit was not found on this machine"], 3)


def test_what_was_left_when_pytest_stopped_at_the_first_failure_is_counted(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_a=FAILS)
    scenario(pytester)
    file = cases(pytester, "-x", "test_a.py", "popup.isolab.yaml")
    assert (file["not_run"], file["interrupted"], exit_code_of(file)) == (2, True, 130)
    # All of isolab's had been run here.
    file = cases(pytester, "-x", "popup.isolab.yaml", "test_a.py")
    assert (file["not_run"], file["interrupted"], exit_code_of(file)) == (0, False, 0)


def test_what_pytest_skips_is_not_run_beside_others(pytester: pytest.Pytester) -> None:
    scenario(pytester)
    pytester.makeconftest(f"""{FAKE}
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        if "same-origin" in item.name:
            item.add_marker(pytest.mark.skip)
""")
    file = cases(pytester)
    assert (ids(file), file["not_run"]) == (["[coop=absent]"], 0)


def test_what_was_skipped_at_its_turn_is_not_begun_by_the_next(pytester: pytest.Pytester) -> None:
    scenario(pytester)
    pytester.makeconftest(f"""{FAKE}
import pytest

def pytest_runtest_setup(item):
    if "absent" in item.name:
        pytest.skip("not today")
""")
    assert ids(cases(pytester)) == ["[coop=same-origin]"]


NOTED = """
import json
from isolab.pytest_plugin.house import House

fly = House.fly

def noted(self, cases, engine):
    with open("asked.jsonl", "a") as file:
        file.write(json.dumps([case.id for case in cases]) + "\\n")
    return fly(self, cases, engine)

House.fly = noted
"""


def test_the_case_whose_turn_it_is_is_asked_for_first(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(FAKE + NOTED)
    for name in ("a", "b"):
        scenario(pytester, name=f"{name}.isolab.yaml")
    run(pytester, "--isolab-engine", "chromium", "b.isolab.yaml", "a.isolab.yaml").assert_outcomes(passed=4)
    asked = [json.loads(line) for line in (pytester.path / "asked.jsonl").read_text(encoding="utf-8").splitlines()]
    assert asked == [
        ["b.isolab[coop=absent]"],
        ["b.isolab[coop=same-origin]", "a.isolab[coop=absent]", "a.isolab[coop=same-origin]"],
    ]


BY_HAND = """
def test_it(isolab_lab):
    lab = isolab_lab()
    lab.page("app")
    app = lab.open("app")
    {expects}
    app.wait(says="signed-in")
    {kept}
"""


@pytest.mark.parametrize("expects", ["", 'app.expect({"isSecureContext": True})'])
def test_steps_of_a_lab_that_nothing_has_run_fail_the_test(pytester: pytest.Pytester, expects: str) -> None:
    pytester.makepyfile(BY_HAND.format(expects=expects, kept=""))
    result = run(pytester, "--isolab-engine", "chromium")
    result.assert_outcomes(failed=1)
    steps = ["  - wait: app, *"] if expects else ["  - open: app, *", "  - wait: app, *"]
    told = ["nothing has run these steps of a lab, *", *steps, "end with an expectation, such as *"]
    result.stdout.fnmatch_lines(told)


def test_a_lab_that_is_only_written_down_is_no_mistake(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BY_HAND.format(expects="", kept='lab.scenario({"app.isSecureContext": True})'))
    run(pytester, "--isolab-engine", "chromium").assert_outcomes(passed=1)


def test_what_a_test_asks_for_as_it_runs_is_not_run_in_one_engine_of_several(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(request): assert request.getfixturevalue('isolab_engine') == 'firefox'")
    result = run(pytester, "--isolab-engine", "firefox", "--isolab-engine", "webkit")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["this test asks for an engine as it runs, and there are 2: take `isolab_lab` or *"])
    run(pytester, "--isolab-engine", "firefox").assert_outcomes(passed=1)


def test_a_context_of_the_projects_own_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import types, pytest, isolab.expect

        @pytest.fixture
        def context():
            return types.SimpleNamespace(pages={"home": "/"})

        def test_it(context):
            assert context.pages["home"] == "/"
    """)
    run(pytester).assert_outcomes(passed=1)


ENDS = """
def test_it():
    {end}
"""


def test_a_process_that_died_with_its_results_is_told(pytester: pytest.Pytester) -> None:
    scenario(pytester)
    pytester.makepyfile(test_z=ENDS.format(end="import os; os._exit(1)"))
    file = cases(pytester, "-n", "1", "--max-worker-restart", "0", "popup.isolab.yaml", "test_z.py")
    why = "the results of gw0: that process of pytest-xdist's died before it told them"
    assert (file["unavailable"], file["results"], exit_code_of(file)) == ([why], [], 3)


def test_a_process_that_was_told_to_end_is_heard_once(pytester: pytest.Pytester) -> None:
    scenario(pytester)
    pytester.makepyfile(test_z=ENDS.format(end="import pytest; pytest.exit('enough')"))
    file = cases(pytester, "-n", "1", "popup.isolab.yaml", "test_z.py")
    assert (ids(file), file["notes"]) == (["[coop=absent]", "[coop=same-origin]"], [])
    assert (file["unavailable"], file["interrupted"]) == ([], True)


@pytest.mark.skipif(os.name != "posix", reason="a terminal's Ctrl-C goes to a process group")
def test_what_processes_had_measured_is_in_the_file_after_ctrl_c(pytester: pytest.Pytester) -> None:
    scenario(pytester)
    pytester.makepyfile(test_z=ENDS.format(end="import threading; threading.Event().wait(60)"))
    options = ("-v", "-n", "1", "--isolab-engine", "chromium", "--isolab-json", "out.json")
    with at_terminal(pytester, 60, *options, "popup.isolab.yaml", "test_z.py") as running:
        assert running.stdout is not None
        passed = (line for line in running.stdout if " PASSED " in line)
        for _ in range(2):
            next(passed)
        os.killpg(running.pid, signal.SIGINT)
        out, _ = running.communicate()
    assert running.returncode == pytest.ExitCode.INTERRUPTED, out
    file = read(pytester.path / "out.json")
    assert (ids(file), file["interrupted"]) == (["[coop=absent]", "[coop=same-origin]"], True)
