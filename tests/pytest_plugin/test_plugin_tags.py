"""A scenario's tags are marks to choose tests by, and no instructions to pytest. No browser is needed for that."""

from __future__ import annotations

import pytest
from user_project import SCENARIO, WITHOUT_OTHERS, collected, scenario

from isolab.pytest_plugin.options import why_skipped

CONFTEST = """
def pytest_collection_modifyitems(items):
    for item in items:
        print("marks:", sorted(mark.name for mark in item.iter_markers()))
"""


def marks(pytester: pytest.Pytester, tags: str) -> str:
    scenario(pytester, SCENARIO.replace("tags: [sign-in]", f"tags: [{tags}]"))
    pytester.makeconftest(CONFTEST)
    words = ("--collect-only", "-q", "-s", "--strict-markers", "--isolab-engine", "chromium")
    told = pytester.runpytest_subprocess(*WITHOUT_OTHERS, "-p", "no:cacheprovider", *words)
    (found,) = {line for line in told.outlines if line.startswith("marks:")}
    return found


def test_tags_are_marks(pytester: pytest.Pytester) -> None:
    assert marks(pytester, "sign-in, coop") == "marks: ['coop', 'isolab', 'sign_in']"


def test_a_tag_that_begins_with_what_no_mark_may_begin_with_is_one_without_it(pytester: pytest.Pytester) -> None:
    assert marks(pytester, "_draft, -wip, (beta)") == "marks: ['beta_', 'draft', 'isolab', 'wip']"


@pytest.mark.parametrize(
    "tags", [["skip", "xfail", "usefixtures", "filterwarnings", "timeout", "only-browser"], ["skipif"]]
)
def test_tags_tell_pytest_and_its_plugins_nothing(pytester: pytest.Pytester, tags: list[str]) -> None:
    """None stands within another one: `-k` is content with a part of a word."""
    assert marks(pytester, ", ".join(tags)) == "marks: ['isolab']"
    assert len(collected(pytester, "--isolab-engine", "chromium", "-k", " and ".join(tags))) == 2


def test_a_mark_that_the_project_has_for_its_own_is_one(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmarkers =\n    login: what has to do with sign-in (and sign-out)\n")
    assert marks(pytester, "login") == "marks: ['isolab', 'login']"


@pytest.mark.parametrize(("mark", "skipped"), [("only_browser", False), ("only_browser('firefox')", True)])
def test_a_tag_without_arguments_leaves_no_engine_out(pytester: pytest.Pytester, mark: str, skipped: bool) -> None:
    """Without pytest-playwright nobody says that `only_browser` takes any."""
    item = pytester.getitem(f"import pytest\n@pytest.mark.{mark}\ndef test_it(): pass", "test_it")
    assert (why_skipped(item, "webkit") is not None) is skipped
