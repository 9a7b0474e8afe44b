from __future__ import annotations

import pytest

from isolab.explain.effects import header_notes
from isolab.explain.model import HeaderNote, Ignored
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

COOP, COEP, CORP = "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy"
DIP = "Document-Isolation-Policy"


def notes(*headers: tuple[str, str], secure: bool = True, embedded: bool = False) -> tuple[HeaderNote, ...]:
    hop = Hop("https://a.example/", Origin("https", "a.example"), 200, headers)
    return header_notes(hop, secure=secure, embedded=embedded)


def note(name: str, value: str, **more: bool) -> HeaderNote:
    (found,) = notes((name, value), **more)
    return found


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (COOP, "same-origin", "any other popup that it opens, and any other page that opens it, loses the link"),
        (COOP, "same-origin-allow-popups", "popups that it opens keep window.opener unless"),
        (COOP, "noopener-allow-popups", "whoever opens it as a popup loses it, even from the same origin"),
        (COOP, "unsafe-none", "as if it were not sent"),
        (COEP, "require-corp", "needs Cross-Origin-Resource-Policy, or CORS"),
        (COEP, "credentialless", "asked for without cookies"),
        (CORP, "same-site", "pages of other sites cannot load it"),
        (f"{COOP}-Report-Only", "same-origin", "nothing changes"),
        (f"{COEP}-Report-Only", "require-corp", "nothing changes"),
        (DIP, "isolate-and-require-corp", "isolates this document alone"),
        (DIP, "isolate-and-require-corp", "needs Cross-Origin-Resource-Policy, or CORS"),
        (DIP, "isolate-and-credentialless", "asked for without cookies"),
        (DIP, "none", "as if it were not sent"),
        (f"{DIP}-Report-Only", "isolate-and-credentialless", "nothing changes"),
        ("Permissions-Policy", "cross-origin-isolated=()", "switches isolation off"),
        ("Permissions-Policy", "camera=()", "says nothing about isolation"),
        ("Permissions-Policy", 'cross-origin-isolated=(self "https://b.example")', "for self https://b.example"),
    ],
)
def test_what_a_header_does(name: str, value: str, words: str) -> None:
    found = note(name.lower(), value)
    assert (found.name, found.value, found.ignored) == (name, value, None)
    assert words in found.effect


@pytest.mark.parametrize(
    ("name", "value", "ignored"),
    [
        (COOP, "same-origin;", Ignored("trailing `;`", 12)),
        (COOP, "Same-Origin", Ignored("unknown value `Same-Origin`: the value is `same-origin`, in lower case", 1)),
        (f"{COEP}-Report-Only", "require-corp;", Ignored("trailing `;`", 13)),
        (DIP, "isolate-and-require-corp;", Ignored("trailing `;`", 25)),
        (f"{DIP}-Report-Only", "require-corp", Ignored("unknown value `require-corp`", 1)),
        (
            CORP,
            "same-origin, cross-origin",
            Ignored("it is none of same-origin, same-site, cross-origin to the letter"),
        ),
    ],
)
def test_why_it_is_ignored(name: str, value: str, ignored: Ignored) -> None:
    found = note(name, value)
    assert (found.effect, found.ignored) == ("", ignored)


@pytest.mark.parametrize("suffix", ["", "-Report-Only"])
@pytest.mark.parametrize(
    ("name", "value"), [(COOP, "same-origin"), (COEP, "require-corp"), (DIP, "isolate-and-require-corp")]
)
def test_a_report_that_reaches_nobody_is_told_of(name: str, value: str, suffix: str) -> None:
    header = f"{name}{suffix}"
    none = "is none of this response's Reporting-Endpoints"
    assert "report-to" not in note(header, value).effect
    assert "its report-to is ignored, as it is no quoted string" in note(header, f"{value}; report-to=coop").effect
    assert f'its report-to, "coop", {none}' in note(header, f'{value}; report-to="coop"').effect
    for names in (
        ("Reporting-Endpoints", 'coop="/r"'),
        ("Report-To", '{"group": "coop", "endpoints": [{"url": "/"}]}'),
    ):
        (found,) = notes((header, f'{value}; report-to="coop"'), names)
        assert "report-to" not in found.effect


def test_an_endpoint_that_is_not_trustworthy_gets_no_reports() -> None:
    header = (COOP, 'same-origin; report-to="coop"')
    (found,) = notes(header, ("Reporting-Endpoints", 'coop="http://collector.example/r"'))
    assert 'its report-to, "coop", is ignored, as http://collector.example/r is not trustworthy' in found.effect
    (broken,) = notes(header, ("Reporting-Endpoints", 'coop="https://[x"'))
    assert "https://[x is not trustworthy" in broken.effect
    for url in ("https://collector.example/r", "//collector.example/r", "http://localhost:1/r"):
        assert "report-to" not in notes(header, ("Reporting-Endpoints", f'coop="{url}"'))[0].effect


PERMISSION = "Permissions-Policy"


def test_a_redirect_brings_no_document() -> None:
    sent = [(DIP, "isolate-and-require-corp"), (PERMISSION, "cross-origin-isolated=()"), (COEP, "require-corp")]
    headers = (("Location", "/next"), (CORP, "same-site"), (COOP, "same-origin-allow-popups"), *sent)
    hop = Hop("https://a.example/", Origin("https", "a.example"), 302, headers)
    read = {n.name: n.ignored is None for n in header_notes(hop, secure=True)}
    assert read == {CORP: True, COOP: True, COEP: False, DIP: False, PERMISSION: False}


def test_but_an_opener_policy_with_what_adds_to_it() -> None:
    headers = (("Location", "/next"), (COOP, "same-origin"), (COEP, "require-corp"))
    hop = Hop("https://a.example/", Origin("https", "a.example"), 302, headers)
    first, second = header_notes(hop, secure=True)
    assert (first.ignored, second.ignored) == (None, None)
    assert "isolates" not in first.effect + second.effect


def test_a_permissions_policy_in_the_syntax_of_its_forerunner_is_ignored() -> None:
    found = note(PERMISSION, "cross-origin-isolated 'none'")
    assert found.ignored == Ignored("it is no structured dictionary, which is ignored as a whole")


def test_a_response_that_brings_no_page_changes_none() -> None:
    hop = Hop("https://a.example/", Origin("https", "a.example"), 204, ((COOP, "same-origin"), (CORP, "same-site")))
    read = {n.name: n.ignored is None for n in header_notes(hop, secure=True)}
    assert read == {COOP: False, CORP: True}


def test_outside_a_secure_context_only_corp_is_read() -> None:
    read = {n.name: n.ignored is None for n in notes((CORP, "same-site"), (COOP, "same-origin"), secure=False)}
    assert read == {COOP: False, CORP: True}


def test_what_is_embedded_has_no_opener_policy() -> None:
    assert note(COOP, "same-origin", embedded=True).ignored is not None
    assert note(COEP, "require-corp", embedded=True).ignored is None


def test_both_together_isolate() -> None:
    first, _ = notes((COOP, "same-origin"), (COEP, "credentialless"))
    assert "isolates the page" in first.effect
    assert "isolates the page" not in notes((COOP, "same-origin"), (COEP, "unsafe-none"))[0].effect


def test_other_headers_are_not_told_and_repeated_ones_are_joined() -> None:
    assert notes(("X-Frame-Options", "DENY")) == ()
    assert note(COOP, "same-origin").value == "same-origin"
    (twice,) = notes((COOP, "same-origin"), (COOP.upper(), "same-origin"))
    assert twice.value == "same-origin, same-origin"
    assert twice.ignored is not None
