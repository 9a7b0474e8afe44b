"""What keeps a link by the rules: each mend is tried by the rules themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.explain.false_fixes import Link
from isolab.explain.mends import mend
from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

APP, IDP = Origin("https", "app.example"), Origin("https", "idp.example")
COOPS = (None, "unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups")
Headers = tuple[tuple[str, str], ...]


def coop(value: str | None) -> Headers:
    return () if value is None else ((COOP, value),)


def hop(origin: Origin, path: str, headers: Headers, status: int = 200) -> Hop:
    return Hop(f"https://{origin.host}/{path}", origin, status, headers)


def link(page: Headers, *popup: Hop) -> Link:
    life = [Navigation((each,)) for each in popup]
    return Link("popup", "app", Document(hop(APP, "app", page)), life)


ISOLATING: Headers = (*coop("same-origin"), (COEP, "require-corp"))
ALLOW = "send `Cross-Origin-Opener-Policy: same-origin-allow-popups` on https://app.example/app"
ALIKE = "send on https://app.example/wait the Cross-Origin headers of https://app.example/app as well"


@pytest.mark.parametrize(
    ("page", "popup", "told"),
    [
        (coop("same-origin"), [hop(IDP, "login", ())], ALLOW),
        (ISOLATING, [hop(IDP, "login", ())], f"{ALLOW}, which gives up its isolation"),
        (coop("same-origin"), [hop(APP, "wait", ())], f"{ALIKE}, or {ALLOW}"),
        (
            coop("same-origin-allow-popups"),
            [hop(IDP, "login", coop("same-origin"))],
            "send no Cross-Origin-Opener-Policy on https://idp.example/login",
        ),
        (
            coop("same-origin"),
            [hop(IDP, "a", coop("same-origin")), hop(IDP, "b", coop("same-origin"))],
            f"{ALLOW} and send no Cross-Origin-Opener-Policy on https://idp.example/a and https://idp.example/b",
        ),
    ],
)
def test_the_smallest_change_is_told(page: Headers, popup: list[Hop], told: str) -> None:
    assert str(mend(link(page, *popup))) == told


def test_a_page_that_is_isolated_by_itself_stays_so() -> None:
    page = (*coop("same-origin"), ("Document-Isolation-Policy", "isolate-and-require-corp"))
    assert str(mend(link(page, hop(IDP, "login", ())))) == ALLOW


def test_a_link_that_lasts_needs_none() -> None:
    assert mend(link((), hop(IDP, "login", ()))) is None


def test_what_no_header_mends_has_none() -> None:
    without_opener = replace(link((), hop(IDP, "login", ())), noopener=True)
    assert mend(without_opener) is None


def test_the_page_around_a_frame_is_the_one_that_has_to_allow_it() -> None:
    portal = Document(hop(Origin("https", "portal.example"), "", coop("same-origin")))
    framed = Link(
        "popup", "portal.app", Document(hop(APP, "app", ()), parent=portal), [Navigation((hop(IDP, "a", ()),))]
    )
    found = mend(framed)
    assert found is not None
    assert found.opener == "https://portal.example/"


responses = st.builds(
    hop, st.sampled_from([APP, IDP]), st.sampled_from(["a", "b", "c", "app"]), st.sampled_from(COOPS).map(coop)
)


@given(st.sampled_from(COOPS), st.lists(responses, min_size=1, max_size=3, unique_by=lambda each: each.url))
def test_a_mend_mends(page: str | None, popup: list[Hop]) -> None:
    found = mend(link(coop(page), *popup))
    if found is None or not (found.opener or found.silent):
        return
    assert not found.opener or found.opener not in found.silent
    page = "same-origin-allow-popups" if found.opener else page
    new = {**dict.fromkeys(found.silent, ()), **({found.opener: coop(page)} if found.opener else {})}
    changed = [replace(each, headers=new.get(each.url, each.headers)) for each in popup]
    mended = link(coop(page), *changed)
    assert opener_fate(mended.creator, mended.life).fate == "preserved"
