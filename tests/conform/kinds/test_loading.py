from __future__ import annotations

import pytest

from isolab.conform.kinds.loading import no_cors_rulings
from isolab.policy.document import Document
from isolab.policy.response import Hop
from isolab.policy.terms import Origin


def found(coep: str | None, host: str = "app.example", sandbox: frozenset[str] | None = None) -> dict[str, object]:
    origin = Origin("https", host)
    headers = (("Cross-Origin-Embedder-Policy", coep),) if coep else ()
    document = Document(Hop(f"{origin}/", origin, 200, headers), sandbox=sandbox)
    return {name: ruling.value for name, ruling in no_cors_rulings(document, "its_")}


@pytest.mark.parametrize("host", ["app.example", "login.app.example", "idp.example"])
def test_require_corp_keeps_out_other_origins_wherever_the_document_is(host: str) -> None:
    assert found("require-corp", host) == {
        "its_no_cors_same_origin_without_corp": "loaded",
        "its_no_cors_same_site_without_corp": "blocked",
        "its_no_cors_cross_origin_without_corp": "blocked",
        "its_no_cors_cross_site_without_corp": "blocked",
        "its_no_cors_without_corp": "blocked",
    }


@pytest.mark.parametrize("coep", [None, "credentialless"])
def test_without_credentials_or_a_policy_all_load(coep: str | None) -> None:
    assert set(found(coep).values()) == {"loaded"}


def test_a_sandboxed_document_is_foreign_to_its_own_host() -> None:
    assert set(found("require-corp", sandbox=frozenset()).values()) == {"blocked"}
