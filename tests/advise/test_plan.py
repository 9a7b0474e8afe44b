from __future__ import annotations

from advised import CALLBACK, LIBRARY, inquiry

from isolab.advise.plan import MOST, Candidate, combinations

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
    # The strictest, and the weakest of all: if that does not work, nothing will.
    assert [c.combination for c in found.plan.flown] == [*every[: MOST - 1], every[-1]]
    assert [c.combination for c in found.plan.left] == every[MOST - 1 : -1]


def test_each_combination_is_a_case_of_its_own_that_sends_it() -> None:
    flown = inquiry(CALLBACK).plan.flown
    assert len({candidate.case.id for candidate in flown}) == len(flown)
    (linked,) = [candidate for candidate in flown if str(candidate.combination) == LINKED]
    sent = {name: page.header("Cross-Origin-Opener-Policy") for name, page in linked.case.pages.items()}
    assert sent == {"app": "same-origin-allow-popups", "login": None, "callback": None}
    assert linked.case.id == f"written ({LINKED})"
