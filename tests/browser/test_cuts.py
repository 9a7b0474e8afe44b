"""The response that a result names as the one that cut the link is the bad one, wherever it stands, in every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, flown_in

from isolab.explain.explain import explain_case
from isolab.resources import resource
from isolab.runner.result import CaseResult
from isolab.scenario.case import ENGINE_NAMES, Case, EngineName, Redirect
from isolab.scenario.load import load_scenarios

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

CHAINS = ("signin/five-hops.yaml", "signin/five-pages.yaml")


def bad_hop(case: Case) -> str | None:
    """The page of the chain that sends COOP, or None where none does."""
    return next((name for name, value in case.params.items() if value == "same-origin"), None)


def explained(case: Case) -> tuple[str, int] | None:
    """The address and status of the response that the rules alone blame, without a browser."""
    (link,) = explain_case(case).links
    hop = link.hops[link.cut - 1] if link.cut else None
    return (hop.url, hop.status) if hop else None


def blamed(result: CaseResult) -> tuple[str, int] | None:
    """The address and status of the response that the result blames, from what the server sent in this flight."""
    return (result.cut.url, result.cut.status) if result.cut else None


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_the_one_bad_hop_of_five_is_named_at_each_place(engine: EngineName, chain: str) -> None:
    cases = load_scenarios([resource("scenarios") / chain])
    assert {bad_hop(case) for case in cases} == {None, "hop1", "hop2", "hop3", "hop4", "hop5"}
    for result in flown_in(engine_named(engine), cases).results:
        assert result.outcome == "passed", (result.case.id, result.error)
        hop = bad_hop(result.case)
        page = result.case.pages[hop] if hop else None
        assert blamed(result) == explained(result.case) == (page and (page.url, page.status))
        if page and result.cut:
            assert result.cut.redirect == isinstance(page.body, Redirect)
            assert result.cut.header == "Cross-Origin-Opener-Policy: same-origin"
            assert (result.cut.from_policy, result.cut.to_policy) == ("unsafe-none", "same-origin")


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_the_bad_hop_is_named_too_where_only_the_sign_in_is_asked_for(engine: EngineName) -> None:
    cases = load_scenarios([resource("scenarios") / CHAINS[0]])
    asked = [replace(case, checks=tuple(check for check in case.checks if check.fact != "opener")) for case in cases]
    assert all(any(check.fact.startswith("says.") for check in case.checks) for case in asked)
    for result in flown_in(engine_named(engine), asked).results:
        assert blamed(result) == explained(result.case)
