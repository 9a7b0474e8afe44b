from __future__ import annotations

import pytest
from policy_world import APP, IDP, ISOLATING, SUB, document, goes, page

from isolab.policy.document import Document
from isolab.policy.embedding import embed, embed_local
from isolab.policy.group_switch import opener_fate, passages
from isolab.policy.inheritance import local_document
from isolab.policy.isolation import document_isolation
from isolab.policy.life import Navigation
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

SOAP = "same-origin-allow-popups"
STRICT = document(coep="require-corp")
LOCAL = ["about:blank", "about:srcdoc", "blob:https://app.example/1", "data:text/html,", "javascript:0"]


def framed(url: str, parent: Document, initiator: Document | None = None) -> Document:
    replaced = local_document("about:blank", parent, parent=parent)
    return local_document(url, initiator or parent, parent=parent, replaced=replaced)


def shows(document: Document) -> Navigation:
    return Navigation(shows=document)


@pytest.mark.parametrize("url", LOCAL)
def test_local_frames_have_the_policies_of_the_document_that_makes_them(url: str) -> None:
    top = document(coep="require-corp", dip="isolate-and-require-corp", csp="sandbox allow-same-origin")
    shown = framed(url, top)
    assert shown.embedder_policy.value == "require-corp"
    assert shown.isolation_policy.value == "isolate-and-require-corp"
    assert shown.csp_sandbox == frozenset({"allow-same-origin"})
    assert "inherits from https://app.example/, which sends" in shown.embedder_policy.reason
    assert shown.origin == (None if url.startswith("data:") else APP)


@pytest.mark.parametrize("url", LOCAL)
def test_what_they_embed_is_checked_by_what_they_inherit(url: str) -> None:
    shown = framed(url, STRICT)
    assert embed_local(shown).loaded
    assert not embed(shown, request_for("image"), [page(IDP)]).loaded
    assert not embed(shown, request_for("iframe"), [page()]).loaded
    assert embed(shown, request_for("image"), [page()]).loaded is (not url.startswith("data:"))


def test_a_sandboxed_srcdoc_has_an_opaque_origin() -> None:
    shown = local_document("about:srcdoc", STRICT, parent=STRICT, sandbox=frozenset({"allow-scripts"}))
    assert shown.origin is None
    assert not embed(shown, request_for("image"), [page(corp="same-origin")]).loaded
    assert embed(shown, request_for("image"), [page(corp="cross-origin")]).loaded


@pytest.mark.parametrize("url", ["about:blank", "data:text/html,", "blob:https://app.example/1"])
def test_a_strict_parent_keeps_out_what_inherits_nothing(url: str) -> None:
    outside = document()
    parent = document(APP, outside, coep="require-corp")
    shown = framed(url, parent, initiator=outside)
    found = embed_local(shown)
    assert not found.loaded
    assert "sends no Cross-Origin-Embedder-Policy, but https://app.example/ sends" in found.reason
    lenient = framed(url, document(APP, outside), initiator=outside)
    assert embed_local(lenient).loaded
    free = local_document(url, outside, parent=parent, credentialless=True)
    assert embed_local(free).loaded


def test_a_blob_has_its_creators_policies_whoever_navigates() -> None:
    creator = document(IDP, coep="credentialless")
    shown = local_document("blob:https://idp.example/1", STRICT, parent=STRICT, creator=creator)
    assert (shown.origin, shown.embedder_policy.value) == (IDP, "credentialless")


def test_a_script_url_keeps_what_it_replaces() -> None:
    replaced = document(IDP, STRICT, coep="credentialless")
    shown = local_document("javascript:0", STRICT, parent=STRICT, replaced=replaced)
    assert (shown.url, shown.origin, shown.embedder_policy.value) == (replaced.url, IDP, "credentialless")


def test_inheritance_goes_through_several_documents() -> None:
    blank = framed("about:blank", STRICT)
    assert framed("about:srcdoc", blank).embedder_policy.strict


@pytest.mark.parametrize("url", ["https://app.example/", "about:srcdoc", "javascript:0", "ftp://x"])
def test_a_url_that_has_nobody_to_inherit_from(url: str) -> None:
    with pytest.raises(ValueError, match="inherit"):
        local_document(url, STRICT)


def test_an_isolated_frame_of_a_local_url_is_isolated() -> None:
    top = document(**ISOLATING)
    assert document_isolation(framed("about:srcdoc", top)).isolated
    assert not document_isolation(framed("data:text/html,", top)).isolated


def test_a_blob_popup_is_as_isolated_as_its_creator() -> None:
    assert document_isolation(local_document("blob:https://app.example/1", document(**ISOLATING))).isolated


@pytest.mark.parametrize("coop", [None, SOAP, "same-origin"])
def test_a_popup_that_shows_a_blob_keeps_its_opener(coop: str | None) -> None:
    opener = document(coop=coop)
    blob = local_document("blob:https://app.example/1", opener)
    assert opener_fate(opener, [shows(blob)]).fate == "preserved"
    assert blob.opener_policy.value == (coop or "unsafe-none")
    expected = "severed" if coop == "same-origin" else "preserved"
    assert opener_fate(blob, [goes(page(SUB))]).fate == expected


@pytest.mark.parametrize(("origin", "fate"), [(APP, "preserved"), (SUB, "preserved"), (IDP, "noopener")])
def test_a_blob_of_another_site_gets_no_opener(origin: Origin, fate: str) -> None:
    blob = local_document(f"blob:{origin}/1", document(), creator=document(origin))
    assert opener_fate(document(), [shows(blob)]).fate == fate


def test_going_back_to_blank_matches_where_the_initiator_has_the_policy() -> None:
    opener, there = document(coop="same-origin"), goes(page(coop="same-origin"))
    own = local_document("about:blank", opener)
    assert opener_fate(opener, [there, shows(own)]).fate == "preserved"
    foreign = local_document("about:blank", document(SUB, opener))
    assert opener_fate(opener, [there, shows(foreign)]).fate == "severed"


def test_a_blank_with_a_policy_cuts_a_popup_without() -> None:
    opener = document(coop=SOAP)
    life = [goes(page(IDP)), shows(local_document("about:blank", opener))]
    found = opener_fate(opener, life)
    assert found.fate == "severed"
    assert found.cut is not None
    assert (found.cut.url, found.cut.from_policy, found.cut.to_policy) == ("about:blank", "unsafe-none", SOAP)
    assert "inherits from https://app.example/, which sends" in found.reason


def test_a_blank_without_a_policy_may_leave_soap_but_not_same_origin() -> None:
    for coop, fate in ((SOAP, "preserved"), ("same-origin", "severed")):
        opener = document(coop=coop)
        blank = local_document("about:blank", document(IDP, opener))
        life = [goes(page(coop=coop)), Navigation(window="opener", shows=blank)]
        assert opener_fate(opener, life).fate == fate


def test_what_a_foreign_frame_opens_inherits_no_opener_policy() -> None:
    policy = local_document("about:blank", document(IDP, document(coop=SOAP))).opener_policy
    assert (policy.value, policy.reason) == (
        "unsafe-none",
        "inherits nothing from https://idp.example/, of another origin than its top",
    )


def test_the_frames_own_policy_is_not_what_a_blank_inherits() -> None:
    frame = document(APP, document(coop=SOAP), coop="same-origin")
    assert local_document("about:blank", frame).opener_policy.value == SOAP


def test_local_documents_are_passages_too() -> None:
    opener = document(coop="same-origin")
    first, second = passages(opener, [shows(local_document("blob:https://app.example/1", opener)), goes(page())])
    assert (first.hop, first.origin, first.verdict) == (Hop("blob:https://app.example/1", APP), APP, "stays")
    assert (second.before.url, second.verdict) == ("blob:https://app.example/1", "switches")
