from __future__ import annotations

from dataclasses import replace

import pytest
from advised import CALLBACK, LIBRARY, inquiry

from isolab.advise.plan import FREE, MOST, Candidate, combinations
from isolab.advise.stance import STANCES

LINKED = "app: same-origin-allow-popups, callback: none"


def told(candidates: tuple[Candidate, ...]) -> list[str]:
    return [str(candidate.combination) for candidate in candidates]


def test_where_the_opener_is_needed_what_cuts_it_is_ruled_out_but_for_a_sample_of_each_header() -> None:
    plan = inquiry(CALLBACK).plan
    assert told(plan.flown) == [
        "app: same-origin + require-corp, callback: same-origin + require-corp",
        "app: same-origin + credentialless, callback: same-origin + credentialless",
        "app: same-origin, callback: same-origin",
        LINKED,
        "app: noopener-allow-popups, callback: none",
        "app: none, callback: none",
    ]
    assert [bool(candidate.forbidden) for candidate in plan.flown] == [True, True, True, False, False, False]
    assert all(candidate.forbidden.startswith("severed: https://") for candidate in plan.ruled_out)
    assert plan.left == ()


def test_where_isolation_is_wished_for_what_does_not_isolate_is_ruled_out() -> None:
    plan = inquiry(CALLBACK, "isolated-popup").plan
    assert {str(candidate.combination.app) for candidate in plan.flown} == {
        "same-origin + require-corp",
        "same-origin + credentialless",
    }
    lacking = [c for c in plan.ruled_out if c.forbidden.startswith("not isolated: https://app.example/app")]
    assert {str(candidate.combination.app) for candidate in lacking} == {
        "same-origin", "same-origin-allow-popups", "noopener-allow-popups", "none",
    }  # fmt: skip


def test_where_nobody_knows_whether_the_opener_is_needed_the_rules_forbid_nothing() -> None:
    found = inquiry(LIBRARY)
    every = combinations(found.goal)
    assert len(every) > MOST == len(found.plan.flown)
    assert found.plan.ruled_out == ()
    flown = {str(candidate.combination) for candidate in found.plan.flown}
    # The weakest of all (if that does not work, nothing will), and with each header the strictest that keeps the link.
    linked = {LINKED, "app: noopener-allow-popups, callback: none", "app: none, callback: none"}
    assert linked <= flown
    assert {str(c.combination) for c in found.plan.flown if c.linked} == linked
    # Then the strictest.
    assert [str(each) for each in every[: MOST - 3]] == [told for told in map(str, every) if told in flown - linked]
    assert {str(c.combination) for c in found.plan.left} == set(map(str, every)) - flown


def test_with_more_pages_what_keeps_the_link_is_flown_all_the_same() -> None:
    text = CALLBACK.replace("url.login", "url.wait").replace("loads: login", "loads: wait")
    text = text.replace("callback: {fixture", "wait: {redirect: login}\n      callback: {fixture")
    text = text.replace("      - when: {app.coop: same-origin}\n        app.says.signed-in: null\n", "")
    text = text.replace("        popup.opener: severed\n", "").replace("[null, same-origin]", "[null]")
    plan = inquiry(text).plan
    assert (len(plan.flown), plan.ruled_out) == (MOST, ())
    assert "app: same-origin-allow-popups, wait: same-origin-allow-popups, callback: none" in told(plan.flown)
    assert all(not candidate.linked for candidate in plan.left if candidate.combination.app == STANCES[0])


def test_where_success_is_the_link_itself_what_cuts_it_is_ruled_out() -> None:
    plan = inquiry(CALLBACK, stated=["popup.opener=preserved"]).plan
    assert told(plan.flown) == told(inquiry(CALLBACK).plan.flown)


@pytest.mark.parametrize("others", range(9))
def test_combinations_grow_with_the_pages_and_not_with_their_power(others: int) -> None:
    pages = [f"p{number}" for number in range(others)]
    goal = inquiry(CALLBACK).goal
    every = combinations(replace(goal, own=replace(goal.own, others=tuple(pages))))
    assert len(every) == len(set(map(str, every))) <= 6 * (3**FREE + 6 * 8)
    alike = {frozenset(map(str, list(each.stances.values())[1:])) for each in every if each.app == STANCES[2]}
    assert others == 0 or {frozenset({"same-origin"}), frozenset({"none"})} <= alike


def test_each_combination_is_a_case_of_its_own_that_sends_it() -> None:
    flown = inquiry(CALLBACK).plan.flown
    assert len({candidate.case.id for candidate in flown}) == len(flown)
    (linked,) = [candidate for candidate in flown if str(candidate.combination) == LINKED]
    sent = {name: page.header("Cross-Origin-Opener-Policy") for name, page in linked.case.pages.items()}
    assert sent == {"app": "same-origin-allow-popups", "login": None, "callback": None}
    assert linked.case.id == f"written ({LINKED})"
