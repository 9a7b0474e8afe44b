from __future__ import annotations

from isolab.scenario.case import Source, Span
from isolab.scenario.problem import Problem, ScenarioErrors

SOURCE = Source("a.yaml", "title: x\n")


def test_with_and_without_a_place() -> None:
    assert str(Problem("code", "it is wrong", SOURCE, Span(1, 8, 9), "mend it")) == (
        "error: it is wrong\n --> a.yaml:1:8\n  |\n1 | title: x\n  |        ^ mend it"
    )
    assert (
        str(Problem("code", "it is wrong", SOURCE, None, "mend it")) == "error: it is wrong\n  --> a.yaml\n  = mend it"
    )
    assert str(Problem("code", "it is wrong", SOURCE)) == "error: it is wrong\n  --> a.yaml"


def test_all_messages_are_in_the_exceptions_text() -> None:
    problems = [Problem("one", "first", SOURCE), Problem("two", "second", SOURCE)]
    errors = ScenarioErrors(problems)
    assert errors.problems == tuple(problems)
    assert str(errors) == f"{problems[0]}\n\n{problems[1]}"
