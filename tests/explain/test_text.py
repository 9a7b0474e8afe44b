from __future__ import annotations

from isolab.explain.explain import explain_responses
from isolab.explain.text import lines
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

APP, IDP = Origin("https", "app.example"), Origin("https", "idp.example")
COOP = "Cross-Origin-Opener-Policy"


def told(page: Hop, *popup: Hop, assumption: str = "") -> str:
    return "\n".join(lines(explain_responses([page], popup, assumption=assumption)))


def test_a_cut_names_the_hop_and_the_header_and_what_follows_from_it() -> None:
    way = (
        Hop("https://idp.example/start", IDP, 302, (("Location", "/login"),)),
        Hop("https://idp.example/login", IDP, 200, ((COOP, "same-origin"),)),
    )
    text = told(Hop("https://app.example/", APP), *way)
    assert "popup, opened by page: severed (it loses its opener)" in text
    assert "hop 1: https://idp.example/start sends no Cross-Origin-Opener-Policy" in text
    cut = next(line for line in text.splitlines() if line.startswith("  hop 2:"))
    assert "https://idp.example/login sends Cross-Origin-Opener-Policy: same-origin" in cut
    assert "the redirect before it (https://idp.example/start) had unsafe-none: new browsing context group" in cut
    assert "`window.opener` is null" in cut
    assert "coming back does not mend it" in cut
    assert text.count("coming back does not mend it") == 1


def test_an_ignored_value_is_shown_with_the_character_that_is_to_blame() -> None:
    text = told(Hop("https://app.example/", APP, 200, ((COOP, "same-origin;"),)), Hop("https://idp.example/", IDP))
    assert f"{COOP}: same-origin;\n    browsers ignore it: trailing `;` (character 12)" in text
    assert "popup, opened by page: preserved (it keeps its opener)" in text


def test_an_assumption_is_told() -> None:
    text = told(Hop("https://app.example/", APP), Hop("https://idp.example/", IDP), assumption="nobody said so")
    assert "  nobody said so\n" in text


def test_the_section_of_the_standard_is_there() -> None:
    text = told(Hop("https://app.example/", APP, 200, ((COOP, "same-origin"),)), Hop("https://idp.example/", IDP))
    assert "https://html.spec.whatwg.org/multipage/browsers.html#matching-coop" in text
    assert "https://html.spec.whatwg.org/multipage/browsers.html#obtain-coop" in text
