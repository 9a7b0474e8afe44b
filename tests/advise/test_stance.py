from __future__ import annotations

from dataclasses import replace

from isolab.advise.stance import NOTHING, STANCES, Combination, Stance, beside, dressed
from isolab.policy.terms import Origin
from isolab.scenario.case import Fixture, Forwarded, Page

COOP, COEP = "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy"
SENT = ((COOP, "unsafe-none"), ("X-Other", "1"), (COEP.upper(), "require-corp"), (f"{COOP}-Report-Only", "same-origin"))
PAGE = Page("app", Origin("https", "app.example"), "/app", 200, SENT, Fixture("page"))


def test_a_page_gets_the_stance_instead_of_its_own() -> None:
    kept = (("X-Other", "1"), (f"{COOP}-Report-Only", "same-origin"))
    assert dressed(PAGE, NOTHING).headers == kept
    assert dressed(PAGE, STANCES[0]).headers == (*kept, (COOP, "same-origin"), (COEP, "require-corp"))


def test_what_a_server_of_ones_own_sends_makes_room_for_it() -> None:
    own = replace(PAGE, body=Forwarded(frozenset({"x-other"})))
    assert dressed(own, NOTHING).body == Forwarded(frozenset({"x-other", COOP.lower(), COEP.lower()}))


def test_the_page_with_the_button_decides_what_is_stricter() -> None:
    strict, weak = Stance("same-origin"), Stance("same-origin-allow-popups")
    found = [
        Combination({"app": app, "callback": other}) for app in (NOTHING, weak, strict) for other in (NOTHING, weak)
    ]
    told = [str(combination) for combination in sorted(found, key=lambda each: each.strictness)]
    assert told == [
        "app: same-origin, callback: same-origin-allow-popups",
        "app: same-origin, callback: none",
        "app: same-origin-allow-popups, callback: same-origin-allow-popups",
        "app: same-origin-allow-popups, callback: none",
        "app: none, callback: same-origin-allow-popups",
        "app: none, callback: none",
    ]
    assert str(Combination({"app": STANCES[0]})) == "same-origin + require-corp"


def test_the_other_pages_are_tried_with_the_same_with_same_origin_and_with_nothing() -> None:
    assert beside(STANCES[0]) == (STANCES[0], Stance("same-origin"), NOTHING)
    assert beside(Stance("same-origin")) == (Stance("same-origin"), NOTHING)
    # In a popup it always cuts.
    assert beside(Stance("noopener-allow-popups")) == (Stance("same-origin"), NOTHING)


def test_coep_stands_only_where_it_isolates() -> None:
    assert {stance.coop for stance in STANCES if stance.coep} == {"same-origin"}
    assert Stance("same-origin-allow-popups", "require-corp").rank == Stance("same-origin-allow-popups").rank
