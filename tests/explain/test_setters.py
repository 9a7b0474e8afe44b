from __future__ import annotations

import pytest

from isolab.explain.setters import usual_setters
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

APP, LOGIN, IDP = (Origin("https", host) for host in ("app.example", "login.app.example", "idp.test"))
COOP = "Cross-Origin-Opener-Policy"


def _hop(origin: Origin, coop: str | None = None) -> Hop:
    return Hop(f"{origin}/", origin, 200, ((COOP, coop),) if coop else ())


def _sides(opener: Hop, popup: Hop) -> list[tuple[str, str]]:
    cut = opener_fate(Document(opener), [Navigation((popup,))]).cut
    assert cut is not None
    return [(setter.side, setter.policy) for setter in usual_setters(cut, opener.origin)]


@pytest.mark.parametrize("popup", [_hop(IDP), _hop(IDP, "unsafe-none")])
def test_a_response_without_a_policy_is_cut_off_by_the_openers_own(popup: Hop) -> None:
    assert _sides(_hop(APP, "same-origin"), popup) == [("app", "same-origin")] * 2


def test_another_sites_response_may_be_a_known_providers_or_built_with_a_framework() -> None:
    sides = _sides(_hop(APP), _hop(IDP, "same-origin"))
    assert [side for side, _ in sides[-2:]] == ["app", "app"]
    assert {side for side, _ in sides[:-2]} == {"provider"}
    assert {policy for _, policy in sides} == {"same-origin"}


def test_a_response_of_the_openers_own_site_is_no_providers() -> None:
    assert {side for side, _ in _sides(_hop(APP), _hop(LOGIN, "same-origin"))} == {"app"}


def test_nobody_is_named_for_a_policy_that_nobody_sends_by_default() -> None:
    assert _sides(_hop(APP), _hop(IDP, "noopener-allow-popups")) == []


def test_each_says_how_and_by_what_word() -> None:
    cut = opener_fate(Document(_hop(APP, "same-origin")), [Navigation((_hop(IDP),))]).cut
    assert cut is not None
    for setter in usual_setters(cut, APP):
        assert str(setter) == f"{setter.who} ({setter.how})"
        assert setter.source.startswith("https://")
