from __future__ import annotations

from dataclasses import replace

import pytest
from policy_world import APP, IDP, ISOLATING, SUB, document, goes, page, redirect

from isolab.policy.document import Document, framed_document
from isolab.policy.group_switch import opener_fate
from isolab.policy.isolation import document_isolation, worker_isolation
from isolab.policy.terms import Origin

HTTP_APP, LOCAL = Origin("http", "app.example"), Origin("http", "localhost", 8000)


@pytest.mark.parametrize(
    "coop", [None, "unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups"]
)
@pytest.mark.parametrize("coep", [None, "unsafe-none", "require-corp", "credentialless"])
@pytest.mark.parametrize("origin", [APP, HTTP_APP, LOCAL])
def test_windows(coop: str | None, coep: str | None, origin: Origin) -> None:
    found = document_isolation(document(origin, coop=coop, coep=coep))
    expected = coop == "same-origin" and coep in ("require-corp", "credentialless") and origin != HTTP_APP
    assert (found.isolated, found.shared_array_buffer, found.shares_memory) == (expected,) * 3


def test_report_only_never_isolates() -> None:
    headers = (
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy-Report-Only", "require-corp"),
    )
    assert not document_isolation(Document(replace(page(), headers=headers))).isolated


def isolating(permissions: str | None = None, origin: Origin = APP) -> Document:
    return document(origin, coop="same-origin", coep="require-corp", permissions=permissions)


def frame(origin: Origin, allow: str | None = None, top: str | None = None) -> Document:
    return replace(document(origin, isolating(top), coep="require-corp"), allow=allow)


@pytest.mark.parametrize(
    ("allow", "top", "isolated"),
    [
        (None, None, False),
        (None, "cross-origin-isolated=*", False),
        ("fullscreen; cross-origin-isolated", None, True),
        ("cross-origin-isolated *", None, True),
        ("cross-origin-isolated https://idp.example", None, True),
        ("cross-origin-isolated https://other.example", None, False),
        ("cross-origin-isolated 'none'", None, False),
        ("cross-origin-isolated 'self'", None, False),
        ("cross-origin-isolated 'src'", None, True),
        ("cross-origin-isolated src", None, False),
        ("cross-origin-isolated https://idp.example/", None, True),
        ("cross-origin-isolated https://idp.example:443", None, True),
        ("cross-origin-isolated https://idp.example:8443", None, False),
        ("cross-origin-isolated https://idp.example:port", None, False),
        ("cross-origin-isolated ws://idp.example", None, False),
        ("cross-origin-isolated", 'cross-origin-isolated=(self "https://idp.example:443/path")', True),
        ("cross-origin-isolated", 'cross-origin-isolated=("https://*.example")', True),
        ("cross-origin-isolated", 'cross-origin-isolated=(self "https://*.idp.example")', False),
        ("cross-origin-isolated", 'cross-origin-isolated="self"', False),
        ("cross-origin-isolated", 'cross-origin-isolated=("*")', False),
        ("cross-origin-isolated", "cross-origin-isolated=()", False),
        ("cross-origin-isolated", "cross-origin-isolated=self", False),
        ("cross-origin-isolated", 'cross-origin-isolated=(self "https://idp.example")', True),
        ("cross-origin-isolated", "cross-origin-isolated=(", True),
    ],
)
def test_foreign_frames_need_delegation(allow: str | None, top: str | None, isolated: bool) -> None:
    assert document_isolation(frame(IDP, allow, top)).isolated is isolated


@pytest.mark.parametrize(
    ("allow", "top", "own", "isolated"),
    [
        (None, None, None, True),
        (None, "cross-origin-isolated=self", None, True),
        (None, "cross-origin-isolated=()", None, False),
        (None, None, "cross-origin-isolated=()", False),
        ("cross-origin-isolated 'none'", None, None, False),
    ],
)
def test_own_frames_inherit(allow: str | None, top: str | None, own: str | None, isolated: bool) -> None:
    child = replace(document(APP, isolating(top), coep="require-corp", permissions=own), allow=allow)
    assert document_isolation(child).isolated is isolated


@pytest.mark.parametrize(("allow", "isolated"), [("", False), ("'src'", False), ("*", True), (str(IDP), True)])
def test_what_is_delegated_to_a_frame_s_src_does_not_follow_a_redirect(allow: str, isolated: bool) -> None:
    way = [redirect(SUB), page(IDP, coep="require-corp")]
    attributes = {"allow": f"cross-origin-isolated {allow}"}
    assert document_isolation(framed_document(isolating(), way, attributes)).isolated is isolated
    assert document_isolation(framed_document(isolating(), way[1:], attributes)).isolated


def test_permission_is_not_regained_further_down() -> None:
    middle = frame(IDP)
    assert not document_isolation(document(IDP, middle, coep="require-corp")).isolated


def test_a_sandboxed_frame_is_of_another_origin() -> None:
    sandboxed = replace(frame(APP), sandbox=frozenset({"allow-scripts"}))
    assert not document_isolation(sandboxed).isolated
    assert document_isolation(replace(sandboxed, allow="cross-origin-isolated")).isolated


def test_a_window_can_switch_itself_off() -> None:
    assert not document_isolation(isolating("cross-origin-isolated=()")).isolated


def test_a_frame_cannot_isolate_itself() -> None:
    assert not document_isolation(document(APP, document(), **ISOLATING)).isolated


def test_a_frame_without_coep_would_not_be_isolated() -> None:
    found = document_isolation(document(APP, isolating()))
    assert not found.isolated
    assert found.reason == "https://app.example/ sends no Cross-Origin-Embedder-Policy"


def test_workers_follow_their_owner() -> None:
    owner = document(**ISOLATING)
    assert worker_isolation(owner, "https://app.example/worker.js").isolated
    assert worker_isolation(owner, "blob:https://app.example/1").isolated
    assert not worker_isolation(owner, "data:text/javascript,0").isolated
    assert not worker_isolation(document(), "https://app.example/worker.js").isolated


@pytest.mark.parametrize(
    ("top", "words"),
    [
        (document(), "https://app.example/ sends no Cross-Origin-Opener-Policy"),
        (document(coop="same-origin"), "but sends no Cross-Origin-Embedder-Policy: isolation wants"),
        (isolating(origin=HTTP_APP), "not read outside a secure context"),
        (isolating("cross-origin-isolated=()"), "Permissions Policy keeps"),
        (document(**ISOLATING), "together same-origin-plus-COEP"),
    ],
)
def test_reasons(top: Document, words: str) -> None:
    assert words in document_isolation(top).reason


def test_isolation_makes_times_finer() -> None:
    assert document_isolation(document(**ISOLATING)).timer_resolution_us == 5
    assert document_isolation(document(coop="same-origin")).timer_resolution_us == 100


def test_a_frame_has_what_its_attributes_say() -> None:
    plain = framed_document(document(), [page()], {})
    assert (plain.sandbox, plain.allow, plain.credentialless) == (None, None, False)
    boxed = framed_document(document(), [page()], {"sandbox": "Allow-Scripts", "allow": "camera", "credentialless": ""})
    assert (boxed.sandbox, boxed.allow) == (frozenset({"allow-scripts"}), "camera")
    alone = framed_document(document(), [page()], {"credentialless": ""})
    assert opener_fate(alone, [goes(page())]).fate == "noopener"
