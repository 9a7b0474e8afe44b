from __future__ import annotations

import pytest
from policy_world import APP, IDP, RELATED, SUB, document, page, redirect

from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.request import Kind, request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

STRICT = ("require-corp", "credentialless")
FRAME = request_for("iframe")
IMAGE = request_for("image")
HTTP_APP = Origin("http", "app.example")


def permits(corp: str | None, relation: str) -> bool:
    allowed = {"same-origin": "same-origin", "same-site": "same-origin same-site"}
    return relation in allowed.get(corp or "same-origin", "same-origin same-site cross-site").split()


@pytest.mark.parametrize("relation", RELATED)
@pytest.mark.parametrize("corp", [None, "same-origin", "same-site", "cross-origin"])
@pytest.mark.parametrize("child", [None, "unsafe-none", *STRICT])
@pytest.mark.parametrize("parent", [None, *STRICT])
def test_frames(parent: str | None, child: str | None, corp: str | None, relation: str) -> None:
    found = embed(document(coep=parent), FRAME, [page(RELATED[relation], coep=child, corp=corp)])
    assert found.loaded is (parent is None or (child in STRICT and permits(corp, relation)))


def test_a_frames_redirects_need_corp_but_not_coep() -> None:
    top, last = document(coep="require-corp"), page(coep="require-corp")
    assert embed(top, FRAME, [redirect(), last]).loaded
    assert embed(top, FRAME, [redirect(IDP, corp="cross-origin"), last]).loaded
    blocked = embed(top, FRAME, [redirect(IDP), last])
    assert (blocked.loaded, blocked.hop) == (False, 0)


def test_an_https_frame_in_an_http_page_has_no_embedder_policy() -> None:
    top = document(HTTP_APP, coep="require-corp")
    assert embed(top, FRAME, [page(IDP)]).loaded
    frame = Document(page(APP, coep="require-corp"), top)
    assert embed(frame, IMAGE, [page(IDP)]).loaded
    assert embed(frame, FRAME, [page(IDP)]).loaded


def test_an_http_frame_in_a_strict_page_has_no_embedder_policy() -> None:
    assert not embed(
        document(coep="require-corp"), FRAME, [page(HTTP_APP, coep="require-corp", corp="cross-origin")]
    ).loaded


@pytest.mark.parametrize("kind", ["image", "script", "style"])
@pytest.mark.parametrize(
    ("coep", "corp", "loaded"),
    [
        (None, None, True),
        (None, "same-site", False),
        (None, "same-origin", False),
        ("require-corp", None, False),
        ("require-corp", "same-site", False),
        ("require-corp", "cross-origin", True),
        ("credentialless", None, True),
        ("credentialless", "same-origin", False),
    ],
)
def test_foreign_subresources(kind: Kind, coep: str | None, corp: str | None, loaded: bool) -> None:
    assert embed(document(coep=coep), request_for(kind), [page(IDP, corp=corp)]).loaded is loaded


@pytest.mark.parametrize("coep", [None, *STRICT])
def test_own_subresources_need_nothing(coep: str | None) -> None:
    assert embed(document(coep=coep), IMAGE, [page(path="/logo.png")]).loaded


@pytest.mark.parametrize("coep", [None, *STRICT])
def test_a_cors_request_needs_cors_and_no_corp(coep: str | None) -> None:
    anonymous = request_for("image", [("crossorigin", "")])
    assert embed(document(coep=coep), anonymous, [page(IDP, acao="*", corp="same-origin")]).loaded
    assert not embed(document(coep=coep), anonymous, [page(IDP, corp="cross-origin")]).loaded


@pytest.mark.parametrize(
    ("acao", "acac", "loaded"),
    [
        ("https://app.example", "true", True),
        ("https://app.example", None, False),
        ("https://app.example", "True", False),
        ("*", "true", False),
        ("https://idp.example", "true", False),
        (None, "true", False),
    ],
)
def test_cors_with_credentials(acao: str | None, acac: str | None, loaded: bool) -> None:
    request = request_for("script", [("crossorigin", "use-credentials")])
    assert embed(document(), request, [page(IDP, acao=acao, acac=acac)]).loaded is loaded


@pytest.mark.parametrize(
    ("hops", "loaded", "hop"),
    [
        ([redirect(), page(IDP, corp="same-origin")], False, 1),
        ([redirect(IDP), page(corp="same-origin")], True, None),
        ([redirect(IDP, corp="same-origin"), page(corp="same-origin")], False, 0),
        ([redirect(corp="same-origin"), page(IDP)], True, None),
    ],
)
def test_plain_corp_over_redirects(hops: list[Hop], loaded: bool, hop: int | None) -> None:
    found = embed(document(), IMAGE, hops)
    assert (found.loaded, found.hop) == (loaded, hop)


def test_require_corp_asks_every_foreign_redirect() -> None:
    top = document(coep="require-corp")
    assert embed(top, IMAGE, [redirect(IDP, corp="cross-origin"), page()]).loaded
    assert embed(top, IMAGE, [redirect(IDP), page()]).hop == 0


def test_a_redirect_between_foreign_origins_makes_the_origin_null() -> None:
    request = request_for("fetch")
    hops = [redirect(IDP, acao="*"), page(SUB, acao="https://app.example")]
    assert embed(document(), request, hops).hop == 1
    assert embed(document(), request, [hops[0], page(SUB, acao="null")]).loaded
    assert embed(document(), request, [redirect(), page(SUB, acao="https://app.example")]).loaded
    # Coming home does not undo it.
    assert not embed(document(), request, [redirect(IDP, acao="*"), page()]).loaded


def test_a_same_origin_fetch_must_stay() -> None:
    request = request_for("fetch", [("mode", "same-origin")])
    assert embed(document(), request, [page(corp="same-origin")]).loaded
    assert not embed(document(), request, [page(IDP, acao="*", corp="cross-origin")]).loaded
    assert not embed(document(), request, [redirect(), page(IDP, acao="*")]).loaded


def test_a_no_cors_fetch_is_a_subresource() -> None:
    request = request_for("fetch", [("mode", "no-cors"), ("credentials", "include")])
    assert not embed(document(coep="require-corp"), request, [page(IDP)]).loaded
    assert embed(document(coep="credentialless"), request, [page(IDP)]).loaded


@pytest.mark.parametrize("coep", [None, *STRICT])
def test_a_sandboxed_document_is_a_stranger_to_its_own_site(coep: str | None) -> None:
    sandboxed = Document(page(coep=coep), document(coep=coep), frozenset({"allow-scripts"}))
    assert not embed(sandboxed, IMAGE, [page(corp="same-origin")]).loaded
    assert embed(sandboxed, IMAGE, [page()]).loaded is (coep != "require-corp")
    assert embed(sandboxed, IMAGE, [page(corp="cross-origin")]).loaded
    assert embed(sandboxed, request_for("fetch"), [page(acao="null")]).loaded
    assert not embed(sandboxed, request_for("fetch"), [page(acao="https://app.example")]).loaded


@pytest.mark.parametrize("script", [None, *STRICT])
@pytest.mark.parametrize("owner", [None, *STRICT])
def test_a_dedicated_workers_script_needs_a_policy_of_its_own(owner: str | None, script: str | None) -> None:
    found = embed(document(coep=owner), request_for("worker"), [page(path="/worker.js", coep=script)])
    assert found.loaded is (owner is None or script is not None)


def test_a_worker_cannot_be_foreign() -> None:
    hop = page(SUB, coep="require-corp", corp="cross-origin", acao="*")
    assert not embed(document(), request_for("worker"), [hop]).loaded


def test_a_service_workers_script_is_not_redirected() -> None:
    found = embed(document(), request_for("serviceworker"), [redirect(), page()])
    assert (found.loaded, found.hop) == (False, 0)
    assert embed(document(), request_for("serviceworker"), [page()]).loaded
    assert embed(document(), request_for("sharedworker"), [redirect(), page()]).loaded


def test_the_reason_names_both_sides() -> None:
    assert embed(document(coep="require-corp"), FRAME, [page(path="/frame")]).reason == (
        "https://app.example/frame sends no Cross-Origin-Embedder-Policy, but "
        "https://app.example/ sends Cross-Origin-Embedder-Policy: require-corp"
    )
