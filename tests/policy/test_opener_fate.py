"""Chains: redirects, later navigations, the opener's own, and what a prediction says."""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_world import APP, IDP, ISOLATING, SUB, Sent, document, goes, page, redirect

from isolab.policy.document import Document
from isolab.policy.group_switch import CHOOSING_SOURCE, opener_fate, passages
from isolab.policy.life import Navigation, navigations
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

SOAP = "same-origin-allow-popups"
HTTP_APP = Origin("http", "app.example")


def test_one_redirect_without_the_policy_is_enough() -> None:
    life = [goes(redirect(**ISOLATING), redirect(path="/bare"), page(**ISOLATING))]
    found = opener_fate(document(**ISOLATING), life)
    assert found.fate == "severed"
    assert found.cut is not None
    assert (found.cut.navigation, found.cut.hop, found.cut.redirect) == (0, 1, True)
    assert (found.cut.url, found.cut.status, found.cut.header) == ("https://app.example/bare", 302, "")
    assert (found.cut.from_policy, found.cut.to_policy) == ("same-origin-plus-COEP", "unsafe-none")


def test_of_a_popup_that_shows_no_page_nothing_is_said_of_one() -> None:
    blank = "the popup stays at its first, blank document"
    empty = Navigation((replace(page(), status=204),))
    assert blank in opener_fate(document(**ISOLATING), [empty]).reason
    assert blank not in opener_fate(document(**ISOLATING), [empty, goes(page(**ISOLATING))]).reason
    # A popup that goes nowhere, and an opener that does.
    own = Navigation((page(**ISOLATING),), "opener")
    assert blank not in opener_fate(document(**ISOLATING), [own]).reason


def test_redirects_that_all_match_keep_the_link() -> None:
    assert opener_fate(document(**ISOLATING), [goes(redirect(**ISOLATING), page(**ISOLATING))]).fate == "preserved"


@pytest.mark.parametrize(
    "over", [redirect(coop="same-origin"), redirect(coep="require-corp"), redirect(SUB, **ISOLATING)]
)
def test_a_redirect_that_differs_cuts(over: Hop) -> None:
    assert opener_fate(document(**ISOLATING), [goes(over, page(**ISOLATING))]).fate == "severed"


def test_a_redirect_to_a_policy_cuts_though_the_last_page_has_none() -> None:
    found = opener_fate(document(), [goes(redirect(IDP, coop="same-origin"), page(IDP))])
    assert (found.fate, found.cut and found.cut.hop) == ("severed", 0)


def test_soap_lets_out_over_redirects_but_not_back_home() -> None:
    opener = document(coop=SOAP)
    assert opener_fate(opener, [goes(redirect(SUB), redirect(IDP), page(IDP))]).fate == "preserved"
    assert opener_fate(opener, [goes(redirect(coop=SOAP), page(IDP))]).fate == "preserved"
    home = opener_fate(opener, [goes(redirect(SUB), page(coop=SOAP))])
    assert (home.fate, home.cut and home.cut.hop) == ("severed", 1)


@pytest.mark.parametrize("origin", [APP, IDP])
def test_the_way_out_of_soap_is_open_only_from_the_initial_document(origin: Origin) -> None:
    opener = document(coop=SOAP)
    assert opener_fate(opener, [goes(page(origin))]).fate == "preserved"
    later = opener_fate(opener, [goes(page(coop=SOAP)), goes(page(origin))])
    assert (later.fate, later.cut and later.cut.navigation) == ("severed", 1)


def test_a_blank_document_that_was_written_to_is_no_longer_initial() -> None:
    life = [Navigation((page(),), from_initial_blank=False)]
    assert opener_fate(document(coop=SOAP), life).fate == "severed"


def test_sign_in_that_comes_back_to_an_isolated_page_is_cut_on_the_way_out() -> None:
    found = opener_fate(document(coop="same-origin"), [goes(page(IDP, "/login")), goes(page(coop="same-origin"))])
    assert (found.fate, found.cut and found.cut.navigation) == ("severed", 0)


def test_noopener_allow_popups_does_not_cut_itself_in_a_later_navigation() -> None:
    nap: Sent = {"coop": "noopener-allow-popups"}
    blank = [Navigation((page(**nap),), from_initial_blank=False)]
    assert opener_fate(document(**nap), blank).fate == "preserved"
    assert opener_fate(document(**nap), [goes(page(**nap))]).fate == "severed"


def test_a_popup_loses_its_opener_when_that_goes_to_another_policy() -> None:
    popup, stays = goes(page(coop="same-origin")), Navigation((page(path="/2", coop="same-origin"),), "opener")
    leaves = Navigation((page(path="/3"),), "opener")
    assert opener_fate(document(coop="same-origin"), [popup, stays]).fate == "preserved"
    found = opener_fate(document(coop="same-origin"), [popup, stays, leaves])
    assert found.fate == "severed"
    assert found.cut is not None
    assert (found.cut.window, found.cut.url, found.cut.from_policy) == (
        "opener",
        "https://app.example/3",
        "same-origin",
    )


def test_an_opener_has_no_way_out_of_soap() -> None:
    assert opener_fate(document(coop=SOAP), [Navigation((page(),), "opener")]).fate == "severed"


def test_the_popups_and_the_openers_way_are_kept_apart() -> None:
    stays = Navigation((page(path="/2", coop=SOAP),), "opener")
    life = [goes(page(IDP)), stays, goes(page(IDP, "/done"))]
    assert opener_fate(document(coop=SOAP), life).fate == "preserved"


def test_noopener_asked_for() -> None:
    assert opener_fate(document(), [goes(page())], noopener=True).fate == "noopener"


def test_a_popup_that_stays_blank_keeps_its_opener() -> None:
    assert opener_fate(document(coop="same-origin"), []).fate == "preserved"


@pytest.mark.parametrize("status", [204, 205])
def test_a_response_without_a_document_changes_nothing(status: int) -> None:
    assert opener_fate(document(), [goes(page(status=status, coop="same-origin"))]).fate == "preserved"
    assert opener_fate(document(), [goes(page(status=500, coop="same-origin"))]).fate == "severed"


def test_a_download_leaves_the_popup_blank() -> None:
    download = Hop("https://app.example/f", APP, 200, (("Content-Disposition", "attachment"), *page(coop=SOAP).headers))
    assert opener_fate(document(), [goes(download)]).fate == "preserved"


def test_outside_https_the_header_cuts_nothing() -> None:
    assert opener_fate(document(HTTP_APP, coop="same-origin"), [goes(page(HTTP_APP))]).fate == "preserved"
    local = Origin("http", "localhost", 8000)
    assert opener_fate(document(local, coop="same-origin"), [goes(page(local))]).fate == "severed"


def sandboxed(*tokens: str, **top: Unpack[Sent]) -> Document:
    return Document(page(), document(**top), frozenset(("allow-scripts", "allow-popups", *tokens)))


def test_a_sandboxed_popup_refuses_every_opener_policy() -> None:
    same = sandboxed("allow-same-origin", coop="same-origin")
    assert opener_fate(same, [goes(page(coop="same-origin"))]).fate == "not-loaded"
    assert opener_fate(sandboxed(), [goes(redirect(coop="same-origin"), page())]).fate == "not-loaded"
    assert opener_fate(sandboxed(), [goes(page())]).fate == "preserved"


def test_a_sandboxed_popup_without_an_opener_refuses_it_too() -> None:
    foreign = sandboxed(coop="same-origin")
    assert opener_fate(foreign, [goes(page(coop="same-origin"))]).fate == "not-loaded"
    assert opener_fate(foreign, [goes(page())]).fate == "noopener"


@pytest.mark.parametrize("noopener", [False, True])
def test_a_sandbox_without_allow_popups_opens_no_window(noopener: bool) -> None:
    frame = Document(page(), document(), frozenset({"allow-scripts", "allow-same-origin"}))
    found = opener_fate(frame, [goes(page())], noopener=noopener)
    assert (found.fate, found.source) == ("not-loaded", CHOOSING_SOURCE)
    assert found.reason.startswith("the sandbox upon https://app.example/ has no allow-popups")
    assert list(passages(frame, [goes(page())])) == []


def test_the_opener_itself_is_not_bound_by_its_popups_sandbox() -> None:
    leaves = Navigation((page(coop="same-origin"),), "opener")
    assert opener_fate(sandboxed(), [goes(page()), leaves]).fate == "severed"


def test_a_top_level_document_with_an_opaque_origin_is_no_foreign_frame() -> None:
    top = Document(page(coop="same-origin"), None, frozenset({"allow-popups", "allow-popups-to-escape-sandbox"}))
    assert opener_fate(top, [goes(page())]).fate == "severed"


def test_a_popup_that_escapes_the_sandbox_loads() -> None:
    free = sandboxed("allow-popups-to-escape-sandbox", "allow-same-origin", coop="same-origin")
    assert opener_fate(free, [goes(page(coop="same-origin"))]).fate == "preserved"


def test_a_log_is_cut_into_navigations_after_each_response_that_does_not_redirect() -> None:
    a, b, c, d = redirect(), page(), page(status=302), redirect(IDP)
    assert [each.hops for each in navigations([a, b, c, d])] == [(a, b), (c,), (d,)]
    assert navigations([]) == ()


def test_the_reason_names_the_response_and_what_was_before_it() -> None:
    found = opener_fate(document(), [goes(page(path="/start")), goes(page(IDP, "/login", coop="same-origin"))])
    assert found.reason == (
        "https://idp.example/login sends Cross-Origin-Opener-Policy: same-origin while the document before it "
        "(https://app.example/start) had unsafe-none: new browsing context group, the opener link is cut"
    )


@pytest.mark.parametrize(
    ("opener", "popup", "words"),
    [
        (document(coop="same-origin"), page(IDP), "https://idp.example/ sends no Cross-Origin-Opener-Policy while"),
        (document(coop="same-origin"), page(IDP, coop="same-origin"), "but from another origin"),
        (document(coop="noopener-allow-popups"), page(coop="noopener-allow-popups"), "always cuts"),
        (document(coop="same-origin"), page(coop="same-origin;"), "trailing `;` (character 12)"),
        (document(coop="same-origin"), page(**ISOLATING), "Cross-Origin-Embedder-Policy: require-corp"),
        (document(coop=SOAP), page(IDP), "lets popups without that header keep their opener"),
        (document(), page(IDP), "neither https://app.example/ nor any response"),
        (document(coop=SOAP), page(coop=SOAP), "has its opener policy same-origin-allow-popups"),
        (document(IDP, document(coop="same-origin")), page(), "a frame of another origin in it (https://idp.example/)"),
        (document(IDP, document(coop=SOAP)), page(), "https://idp.example/ is of another origin than"),
    ],
)
def test_every_kind_of_reason(opener: Document, popup: Hop, words: str) -> None:
    assert words in opener_fate(opener, [goes(popup)]).reason


coops = st.sampled_from([None, "same-origin", SOAP, "noopener-allow-popups", "unsafe-none", "nonsense", "same-origin;"])
coeps = st.sampled_from([None, "require-corp", "credentialless"])
origins = st.sampled_from([APP, SUB, IDP, HTTP_APP])
hops = st.builds(lambda origin, coop, coep: page(origin, coop=coop, coep=coep), origins, coops, coeps)
moves = st.builds(Navigation, st.lists(hops, min_size=1, max_size=3).map(tuple), st.sampled_from(["popup", "opener"]))
lives = st.lists(moves, max_size=4)
tops = st.builds(lambda origin, coop, coep: document(origin, coop=coop, coep=coep), origins, coops, coeps)
creators = st.one_of(tops, st.builds(document, origins, tops))


@given(creators, lives, moves)
def test_a_fate_never_improves_by_going_on(creator: Document, life: list[Navigation], more: Navigation) -> None:
    before, after = opener_fate(creator, life), opener_fate(creator, [*life, more])
    assert before.fate == "preserved" or before == after


@given(creators, lives)
def test_a_cut_is_set_exactly_where_the_link_is_severed(creator: Document, life: list[Navigation]) -> None:
    found = opener_fate(creator, life)
    assert (found.fate == "severed") == (found.cut is not None)
    if found.cut is not None:
        assert life[found.cut.navigation].hops[found.cut.hop].url == found.cut.url


def with_header(move: Navigation, name: str, value: str) -> Navigation:
    """Add a field to each response that does not send it yet (a second line would void the first)."""
    changed = (
        hop if hop.field_line(name) else replace(hop, headers=(*hop.headers, (name, value))) for hop in move.hops
    )
    return replace(move, hops=tuple(changed))


# Each with examples of its own: one in four of these ways would tell that such a line counts.
@pytest.mark.parametrize(
    "line",
    [
        ("Cross-Origin-Opener-Policy", "Same-Origin"),
        ("Cross-Origin-Opener-Policy", '"same-origin"'),
        ("Cross-Origin-Opener-Policy", "same-origin;"),
        ("Cross-Origin-Opener-Policy-Report-Only", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp, require-corp"),
        ("Cross-Origin-Embedder-Policy-Report-Only", "require-corp"),
        ("X-Anything", "same-origin"),
    ],
)
@given(creator=creators, life=lives)
def test_an_ignored_header_changes_nothing(creator: Document, life: list[Navigation], line: tuple[str, str]) -> None:
    assert opener_fate(creator, [with_header(move, *line) for move in life]).fate == opener_fate(creator, life).fate
