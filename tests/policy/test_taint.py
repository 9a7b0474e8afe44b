"""Cookies under credentialless: only a no-cors request that never left its origin keeps them."""

from __future__ import annotations

import pytest
from policy_world import APP, RELATED, SUB, page, redirect

from isolab.policy.coep import CoepValue
from isolab.policy.request import Credentials, Mode, Request
from isolab.policy.taint import includes_credentials, left_origin, redirect_tainted


@pytest.mark.parametrize(
    ("chain", "carried"),
    [
        (("same-origin", "same-origin"), True),
        (("same-origin", "same-site"), False),
        (("same-site", "same-origin"), False),
        (("same-site", "same-site"), False),
    ],
)
def test_an_image_over_redirects(chain: tuple[str, str], carried: bool) -> None:
    hops = [redirect(RELATED[chain[0]]), page(RELATED[chain[1]])]
    request = Request("image", "no-cors")
    assert includes_credentials(request, APP, hops, "credentialless") is carried
    assert includes_credentials(request, APP, hops, "require-corp")


@pytest.mark.parametrize(
    ("mode", "credentials", "relation", "coep", "carried"),
    [
        ("no-cors", "include", "same-origin", "credentialless", True),
        ("no-cors", "include", "same-site", "credentialless", False),
        ("no-cors", "include", "same-site", "unsafe-none", True),
        ("no-cors", "omit", "same-origin", "unsafe-none", False),
        ("cors", "include", "same-site", "credentialless", True),
        ("cors", "same-origin", "same-site", "credentialless", False),
        ("cors", "same-origin", "same-origin", "credentialless", True),
        ("navigate", "include", "same-site", "credentialless", True),
    ],
)
def test_credentials(mode: Mode, credentials: Credentials, relation: str, coep: CoepValue, carried: bool) -> None:
    request = Request("iframe" if mode == "navigate" else "fetch", mode, credentials)
    assert includes_credentials(request, APP, [page(RELATED[relation])], coep) is carried


def test_leaving_and_taint_are_two_things() -> None:
    out, through = [redirect(), page(SUB)], [redirect(SUB), page()]
    assert left_origin(APP, out)
    assert not redirect_tainted(APP, out)
    assert redirect_tainted(APP, through)
    assert left_origin(None, [page()])
