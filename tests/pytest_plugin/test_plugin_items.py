"""Scenario files as tests: what pytest's own options do with them, and what people see."""

from __future__ import annotations

import pytest
from junitparser import JUnitXml
from user_project import SCENARIO, collected, run, scenario

from isolab.engines.engine import Engine

pytestmark = pytest.mark.browser


def test_each_case_is_a_test_in_each_engine(pytester: pytest.Pytester, engine: Engine) -> None:
    scenario(pytester)
    result = run(pytester, "--isolab-engine", engine.name, "-p", "no:playwright")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            f"popup.isolab.yaml::coop=absent[[]{engine.name}] PASSED*",
            f"popup.isolab.yaml::coop=same-origin[[]{engine.name}] PASSED*",
        ]
    )


def test_a_failure_is_shown_with_its_caret_and_its_cause(pytester: pytest.Pytester, engine: Engine) -> None:
    scenario(pytester, SCENARIO.replace("login.opener: severed", "login.opener: preserved"))
    result = run(pytester, "--isolab-engine", engine.name, "--junit-xml", "out.xml")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            f"*login.opener is severed in {engine.name} {engine.version}, expected preserved*",
            "  --> popup.isolab.yaml:14:19",
            "*14 |     login.opener: preserved*",
            "*^^^^^^^^^ observed: severed*",
            "*cut by: the response 200 of https://*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    (suite,) = JUnitXml.fromfile(str(pytester.path / "out.xml"))
    failed = [case.name for case in suite if not case.is_passed]
    assert failed == [f"coop=same-origin[{engine.name}]"]


def test_tests_are_chosen_as_any_others(pytester: pytest.Pytester, chromium: Engine) -> None:
    scenario(pytester)
    for choice, chosen in {
        ("-k", "absent"): 1,
        ("-k", "sign-in"): 2,
        ("-m", "sign_in"): 2,
        ("-m", "isolab"): 2,
        ("-m", "not isolab"): 0,
        (f"popup.isolab.yaml::coop=absent[{chromium.name}]",): 1,
    }.items():
        found = collected(pytester, "--isolab-engine", chromium.name, "--strict-markers", *choice)
        assert len(found) == chosen, choice


def test_what_failed_last_is_run_again(pytester: pytest.Pytester, chromium: Engine) -> None:
    path = scenario(pytester, SCENARIO.replace("login.opener: severed", "login.opener: preserved"))
    first = run(pytester, "--isolab-engine", chromium.name)
    first.assert_outcomes(passed=1, failed=1)
    path.write_text(SCENARIO, encoding="utf-8")
    again = run(pytester, "--isolab-engine", chromium.name, "--lf")
    again.assert_outcomes(passed=1)


def test_a_mistake_in_a_file_is_shown_where_it_is(pytester: pytest.Pytester) -> None:
    scenario(pytester, SCENARIO.replace("login.opener: severed", "login.openr: severed"))
    result = run(pytester, "--isolab-engine", "chromium")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--> popup.isolab.yaml:14:11", "*^^^^^ did you mean `opener`?*"])
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_what_the_file_leaves_out_in_an_engine_is_skipped(pytester: pytest.Pytester, chromium: Engine) -> None:
    scenario(pytester, f"{SCENARIO}skip: {{chromium: not here}}\n")
    result = run(pytester, "--isolab-engine", chromium.name, "-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*not here*"])


def test_a_difference_that_is_gone_is_a_warning(pytester: pytest.Pytester, chromium: Engine) -> None:
    difference = """\
differences:
  - engine: chromium
    when: {coop: same-origin}
    observed: {login.opener: preserved}
    bug: https://bugs.example/1
"""
    scenario(pytester, SCENARIO + difference)
    result = run(pytester, "--isolab-engine", chromium.name)
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(["*a known difference of chromium is gone: login.opener*"])


def test_other_files_are_scenarios_where_the_project_says_so(pytester: pytest.Pytester) -> None:
    scenario(pytester, name="popup.yaml")
    scenario(pytester, "on: push", name="workflow.yaml")
    assert collected(pytester, "--isolab-engine", "chromium") == []
    pytester.makeini("[pytest]\nisolab_files = pop*.yaml\n")
    found = collected(pytester, "--isolab-engine", "chromium")
    assert found == ["popup.yaml::coop=absent[chromium]", "popup.yaml::coop=same-origin[chromium]"]


def test_an_engine_that_is_none_is_refused(pytester: pytest.Pytester) -> None:
    scenario(pytester)
    pytester.makeini("[pytest]\nisolab_engines = chrome\n")
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*isolab_engines: chrome is no engine; they are chromium, firefox, webkit*"])


def test_artifacts_are_kept_in_a_folder_of_their_own(pytester: pytest.Pytester, chromium: Engine) -> None:
    scenario(pytester, SCENARIO.replace("login.opener: severed", "login.opener: preserved"))
    result = run(pytester, "--isolab-engine", chromium.name, "--isolab-artifacts", "kept")
    result.assert_outcomes(passed=1, failed=1)
    assert list((pytester.path / "kept").rglob("*.png"))
    result.stdout.fnmatch_lines(["*artifact: *"])


RERUNNING = """
import http.server, itertools, threading
from _pytest.runner import runtestprotocol

asked = itertools.count()

class Flaky(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        isolating = self.path == "/app" and next(asked) > 0
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if isolating:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(b"<p>app")

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Flaky)
threading.Thread(target=server.serve_forever, daemon=True).start()

import os
os.environ["FLAKY"] = f"http://127.0.0.1:{server.server_port}"

def pytest_runtest_protocol(item, nextitem):
    # As plugins do that run again what failed.
    for _ in range(2):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if all(report.passed for report in reports):
            break
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    return True
"""

FLAKY = """
title: A server that sends its headers from the second time on
hosts: {app: {upstream: "${{ env.FLAKY }}"}}
pages: {app: {path: /app}}
flow: [open: app]
expect: {app.crossOriginIsolated: true}
"""


def test_one_that_a_plugin_runs_again_is_flown_again(pytester: pytest.Pytester, chromium: Engine) -> None:
    pytester.makeconftest(RERUNNING)
    scenario(pytester, FLAKY)
    run(pytester, "--isolab-engine", chromium.name, "-p", "no:playwright").assert_outcomes(passed=1)
