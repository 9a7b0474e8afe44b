from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB, document, page, redirect

from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.taint import includes_credentials
from isolab.policy.way import Way

CREDENTIALLESS = request_for("iframe", [("credentialless", "")])


def test_a_way_is_gone_step_by_step() -> None:
    hops = [redirect(), page(IDP)]
    home, away = Way(document(), request_for("image"), hops).steps()
    assert (home.last, home.at_home) == (hops[0], True)
    assert (away.last, away.at_home) == (hops[1], False)


def test_only_frames_have_ancestors() -> None:
    inner = document(SUB, document(IDP))
    assert Way(inner, request_for("iframe"), [page()]).ancestors == [SUB, IDP]
    assert Way(inner, request_for("image"), [page()]).ancestors == []


@pytest.mark.parametrize("hop", [page(), page(IDP), page(IDP, corp="same-origin")])
@pytest.mark.parametrize("coep", [None, "require-corp", "credentialless"])
def test_embedder_policies_ask_nothing_of_credentialless_frames(coep: str | None, hop: Hop) -> None:
    top = document(coep=coep)
    assert embed(top, CREDENTIALLESS, [redirect(IDP), hop]).loaded
    within = Document(page(), top, credentialless=True)
    assert embed(within, request_for("iframe"), [hop]).loaded
    assert embed(document(APP, within), request_for("iframe"), [hop]).loaded


def test_what_a_credentialless_frame_loads_is_checked_by_its_own_policy() -> None:
    frame = Document(page(coep="require-corp"), document(), credentialless=True)
    assert not embed(frame, request_for("image"), [page(IDP)]).loaded


def test_only_credentialless_frames_are_fetched_without_cookies() -> None:
    assert includes_credentials(request_for("iframe"), APP, [page(IDP)], "credentialless")
    assert not includes_credentials(CREDENTIALLESS, APP, [page()], "unsafe-none")


def test_either_policy_takes_the_cookies_of_foreign_requests() -> None:
    image = request_for("image")
    assert includes_credentials(image, APP, [page(IDP)], "require-corp", "unsafe-none")
    assert not includes_credentials(image, APP, [page(IDP)], "require-corp", "credentialless")
    assert not includes_credentials(image, APP, [redirect(IDP), page()], "credentialless")
