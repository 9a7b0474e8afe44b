"""Shorthands to load scenarios in tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from isolab.scenario.case import Case, Check
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors

SAMPLES = Path(__file__).parent / "samples"
TAIL = """
pages:
  app: {html: hi}
  login: {html: hi}
flow:
  - open: app
  - popup: login
"""


def tail(parameter: str) -> str:
    """The same with a parameter of the matrix in it."""
    return TAIL.replace("app: {html: hi}", f"app: {{html: 'hi ${{{{ {parameter} }}}}'}}")


def sample(name: str) -> list[Case]:
    """The cases of a sample file."""
    return load_scenarios([SAMPLES / f"{name}.yaml"])


def load_text(folder: Path, text: str) -> list[Case]:
    """The cases of a file with this text."""
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenarios([path])


def codes(folder: Path, text: str) -> list[str]:
    """The codes of the problems of a file with this text."""
    with pytest.raises(ScenarioErrors) as caught:
        load_text(folder, text)
    return [problem.code for problem in caught.value.problems]


def checks(case: Case) -> dict[str, list[Check]]:
    """The case's checks by what they are about."""
    found: dict[str, list[Check]] = {}
    for check in case.checks:
        found.setdefault(check.what, []).append(check)
    return found
