from __future__ import annotations

from isolab.explain.link import AFTER_CUT, BY_REDIRECT, link_note
from isolab.explain.model import LinkNote
from isolab.policy.document import Document
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

COOP = "Cross-Origin-Opener-Policy"
APP, IDP = Origin("https", "app.example"), Origin("https", "idp.example")


def hop(origin: Origin, coop: str = "", *, to: str = "") -> Hop:
    headers = [(COOP, coop)] if coop else []
    return Hop(f"{origin}/", origin, 302 if to else 200, (*headers, *([("Location", to)] if to else [])))


def link(opener: Hop, *life: Navigation, noopener: bool = False, sandbox: frozenset[str] | None = None) -> LinkNote:
    creator = Document(opener)
    if sandbox is not None:
        creator = Document(opener, parent=creator, sandbox=sandbox)
    return link_note("login", "app", creator, life, noopener=noopener)


def to(*hops: Hop) -> Navigation:
    return Navigation(hops)


def test_the_cut_counts_hops_over_all_navigations() -> None:
    told = link(hop(APP), to(hop(IDP)), to(hop(IDP, to="/"), hop(IDP, "same-origin")), to(hop(IDP)))
    assert (told.fate, told.cut) == ("severed", 3)
    assert [(h.navigation, h.hop, h.switches) for h in told.hops] == [
        (1, 1, False),
        (2, 1, False),
        (2, 2, True),
        (3, 1, True),
    ]
    assert [AFTER_CUT in h.text for h in told.hops] == [False, False, True, False]
    assert told.hops[3].text.endswith("there is no link any more that it could cut")


def test_the_opener_that_goes_away_cuts_it_too() -> None:
    told = link(hop(APP), to(hop(IDP)), Navigation((hop(APP, "same-origin"),), "opener"))
    assert (told.fate, told.cut, told.hops[1].window) == ("severed", 2, "opener")


def test_without_an_opener_nothing_is_cut() -> None:
    told = link(hop(APP), to(hop(IDP, "same-origin")), noopener=True)
    assert (told.fate, told.cut) == ("noopener", None)
    assert "new browsing context group" not in told.hops[0].text


def test_what_a_sandbox_refuses_is_the_end() -> None:
    told = link(hop(APP), to(hop(IDP, "same-origin")), to(hop(IDP)), sandbox=frozenset({"allow-popups"}))
    assert (told.fate, told.cut, len(told.hops)) == ("not-loaded", None, 1)
    assert "refuses to load" in told.hops[0].text


def test_a_redirect_that_cuts_is_said_to_be_one() -> None:
    told = link(hop(APP), to(hop(IDP, "same-origin", to="/"), hop(IDP)), to(hop(APP, "same-origin")))
    assert [BY_REDIRECT.format(status=302) in h.text for h in told.hops] == [True, False, False]
    shown = link(hop(APP), to(hop(IDP, to="/"), hop(IDP, "same-origin")))
    assert not any("is a redirect" in h.text for h in shown.hops)
