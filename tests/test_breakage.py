"""The breakage catalogue: each file shows a breakage and its mend, and is found and told of in docs. No browser."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from isolab.bootstrap import ROOT
from isolab.cli.app import group
from isolab.resources import resource
from isolab.scenario.case import Scalar
from isolab.scenario.load import load_scenarios

CATALOGUE = resource("scenarios")
BREAKAGES = sorted((CATALOGUE / "breakage").rglob("*.yaml"))
POPUPS = sorted((CATALOGUE / "breakage" / "popups").glob("*.yaml"))
PAGE = (ROOT / "docs" / "breakage-signin.md").read_text(encoding="utf-8")
REPORT = re.compile(r"https://github\.com/[^/]+/[^/]+/(?:issues|pull)/\d+")


def _id(path: Path) -> str:
    return path.relative_to(CATALOGUE).with_suffix("").as_posix()


@pytest.mark.parametrize("path", BREAKAGES, ids=_id)
def test_a_breakage_is_there_broken_and_mended(path: Path) -> None:
    """Some fact ends in two ways: the file's cases expect different values of it, or know one of an engine."""
    ends: dict[str, set[tuple[type, Scalar]]] = defaultdict(set)
    for case in load_scenarios([path]):
        for check in case.checks:
            values = (check.expected, *(difference.observed for difference in check.differences))
            ends[check.what] |= {(type(value), value) for value in values}
    assert [what for what, values in ends.items() if len(values) > 1], f"{_id(path)} always ends in the same way"


@pytest.mark.parametrize("path", BREAKAGES, ids=_id)
def test_a_breakage_names_a_real_report(path: Path) -> None:
    links = load_scenarios([path])[0].links
    assert [link for link in links if REPORT.fullmatch(link)], f"{_id(path)} links to no issue or pull request"


@pytest.mark.parametrize("path", POPUPS, ids=_id)
def test_a_broken_popup_and_a_mended_one_are_told_apart_by_what_people_see(path: Path) -> None:
    """By who is signed in, what the page says, or whether the window is still open: not by the opener link alone."""
    seen: dict[str, set[tuple[type, Scalar]]] = defaultdict(set)
    for case in load_scenarios([path]):
        for check in case.checks:
            if check.fact == "open" or check.fact.startswith("says."):
                seen[check.what].add((type(check.expected), check.expected))
    assert [what for what, values in seen.items() if len(values) > 1]


# --- a newcomer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "google",
        "microsoft",
        "firebase",
        "django",
        "helmet",
        "apple",
        "github",
        "stripe",
        "cognito",
        "msal",
        "n8n",
        "mcp",
        "oidc-client",
        "paypal",
        "swagger",
        "coinbase",
        "openstreetmap",
        "auth0",
        "null (reading",
        "popup_closed",
        "user_cancelled",
        "SharedArrayBuffer",
        "closed before completing",
    ],
)
def test_who_searches_for_a_name_or_a_message_finds_a_popup_that_breaks(words: str) -> None:
    found = CliRunner().invoke(group, ["list", "-g", words], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    assert [line for line in found.output.splitlines() if re.match(r"(breakage|sdk|libraries|signin)/", line)]


# --- docs/breakage-signin.md ------------------------------------------------------------------------------------------


def test_every_scenario_of_a_broken_popup_is_in_the_docs() -> None:
    assert [path.stem for path in POPUPS if f"| `popups/{path.stem}` |" not in PAGE] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:popups|breakage|sdk|signin)/[a-z0-9_-]+)`", PAGE))))
def test_every_scenario_that_the_docs_name_exists(name: str) -> None:
    folder = "breakage/" if name.startswith("popups/") else ""
    assert (CATALOGUE / f"{folder}{name}.yaml").is_file()
