"""What docs/pytest.md shows runs as it stands."""

from __future__ import annotations

import re

import pytest
from docs_blocks import marked
from own_app import OwnApp
from own_upstream import Response, own_upstream
from user_project import run, scenario, with_browsers

from isolab.bootstrap import ROOT
from isolab.engines.engine import Engine
from isolab.pytest_plugin import options

pytestmark = pytest.mark.browser

PAGE = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
ONE_LINE, BY_HAND = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_one_line_in_tests_that_users_have(pytester: pytest.Pytester, app: OwnApp, own_engines: list[str]) -> None:
    button = "<button onclick=\"window.open('/login')\">Sign in</button>"
    app.known |= {
        "/": ({}, button),
        "/login": ({}, "<p>login"),
    }
    app.knows_editor()
    with_browsers(pytester, *own_engines)
    pytester.makepyfile(ONE_LINE.replace("http://localhost:8000", app.here).replace("https://cdn.example", app.there))
    result = run(pytester, *[word for name in own_engines for word in ("--browser", name)])
    result.assert_outcomes(passed=2 * len(own_engines))


@pytest.mark.parametrize("coop", [None, "same-origin"])
def test_the_line_of_the_readme(pytester: pytest.Pytester, own_engines: list[str], coop: str | None) -> None:
    """It passes on an app whose popup keeps its opener, and names the response of one whose popup does not."""
    header = () if coop is None else (("Cross-Origin-Opener-Policy", coop),)
    html = ("Content-Type", "text/html; charset=utf-8")
    button = """<!doctype html><title>App</title><button id="login" onclick="window.open('/signin')">In</button>"""
    answers = {"/": Response(button, (html,)), "/signin": Response("<!doctype html><title>Sign in", (html, *header))}
    with_browsers(pytester, *own_engines)
    with own_upstream(answers) as own:
        pytester.makepyfile(marked("README.md", "own test").replace("http://127.0.0.1:8000", own.url))
        result = run(pytester, *[word for name in own_engines for word in ("--browser", name)])
    if coop is None:
        result.assert_outcomes(passed=len(own_engines))
    else:
        result.assert_outcomes(failed=len(own_engines))
        result.stdout.fnmatch_lines([f"*hop 1: {own.url}/signin sends Cross-Origin-Opener-Policy: {coop} *"])


def test_written_by_hand(pytester: pytest.Pytester, engine: Engine) -> None:
    pytester.makepyfile(BY_HAND)
    run(pytester, "--isolab-engine", engine.name).assert_outcomes(passed=1)


def test_the_command_to_choose(pytester: pytest.Pytester) -> None:
    (pytester.path / "tests").mkdir()
    scenario(pytester, name="tests/popup.isolab.yaml")
    (command,) = re.findall(r"\$ pytest (tests/.*)", PAGE)
    path, _, expression = command.partition(" -k ")
    result = run(pytester, "--isolab-engine", "firefox", path, "-k", expression.strip('"'))
    result.assert_outcomes(passed=1, deselected=1)


def test_every_option_is_told(pytestconfig: pytest.Config) -> None:
    named = set(re.findall(r"`(--isolab-[a-z]+)", PAGE))
    parser = pytest.Parser(_ispytest=True)
    options.add(parser)
    known = {name for option in parser.getgroup("isolab").options for name in option.names()}
    assert named == known
    assert pytestconfig.pluginmanager.has_plugin("isolab")
