from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB, document, page

from isolab.policy.embedding import embed
from isolab.policy.frame_ancestors import ancestors_complaint, frame_options_complaint
from isolab.policy.request import request_for
from isolab.policy.terms import Origin

PORT = Origin("https", "app.example", 8444)


@pytest.mark.parametrize(
    ("sources", "ancestor", "allowed"),
    [
        ("'none'", APP, False),
        ("", APP, False),
        ("'self'", APP, True),
        ("'self'", SUB, False),
        ("*", IDP, True),
        ("https://*", IDP, True),
        ("*:443", IDP, True),
        ("*:*", PORT, True),
        ("http://*:80", IDP, False),
        ("https:", IDP, True),
        ("http:", IDP, True),
        ("wss:", IDP, False),
        ("idp.example", IDP, True),
        ("https://IDP.example", IDP, True),
        ("'none' idp.example", IDP, True),
        ("*.app.example", SUB, True),
        ("*.app.example", APP, False),
        ("app.example", PORT, False),
        ("app.example:8444", PORT, True),
        ("app.example:*", PORT, True),
        ("'self' *", None, False),
    ],
)
def test_source_expressions(sources: str, ancestor: Origin | None, allowed: bool) -> None:
    hop = page(APP, csp=f"default-src 'none'; frame-ancestors {sources}")
    assert (ancestors_complaint(hop, [ancestor]) is None) is allowed


def test_an_http_ancestor_does_not_pass_for_an_https_page() -> None:
    assert ancestors_complaint(page(csp="frame-ancestors idp.example"), [Origin("http", "idp.example")])


def test_every_ancestor_and_every_policy_must_fit() -> None:
    assert ancestors_complaint(page(csp="frame-ancestors 'self'"), [APP, IDP])
    assert ancestors_complaint(page(csp="frame-ancestors *, frame-ancestors 'none'"), [APP])
    assert ancestors_complaint(page(), [APP, IDP]) is None


@pytest.mark.parametrize(
    ("xfo", "ancestors", "allowed"),
    [
        ("DENY", [APP], False),
        ("sameorigin", [APP, APP], True),
        ("sameorigin", [APP, IDP], False),
        ("sameorigin, sameorigin", [APP], True),
        ("sameorigin, deny", [APP], False),
        ("sameorigin, nonsense", [APP], False),
        ("allow-from https://app.example", [IDP], True),
    ],
)
def test_frame_options(xfo: str, ancestors: list[Origin | None], allowed: bool) -> None:
    assert (frame_options_complaint(page(APP, xfo=xfo), ancestors) is None) is allowed


def test_frame_ancestors_outdoes_frame_options() -> None:
    assert frame_options_complaint(page(csp="frame-ancestors *", xfo="DENY"), [APP]) is None


def test_frames_are_blocked_by_either_even_credentialless() -> None:
    for request in (request_for("iframe"), request_for("iframe", [("credentialless", "")])):
        assert not embed(document(), request, [page(csp="frame-ancestors 'none'")]).loaded
        assert not embed(document(), request, [page(xfo="DENY")]).loaded
    assert embed(document(), request_for("image"), [page(IDP, csp="frame-ancestors 'none'", xfo="DENY")]).loaded


def test_all_documents_around_a_frame_are_asked() -> None:
    inner = document(APP, document(IDP))
    assert not embed(inner, request_for("iframe"), [page(APP, csp="frame-ancestors 'self'")]).loaded
