"""What isolates a document by the rules: each mend is tried by the rules themselves."""

from __future__ import annotations

import pytest

from isolab.explain.isolation_mends import isolation_mend
from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.policy.document import Document
from isolab.policy.isolation import document_isolation
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

APP, CDN = Origin("https", "app.example"), Origin("https", "cdn.example")
Headers = tuple[tuple[str, str], ...]

SAME_ORIGIN: Headers = ((COOP, "same-origin"),)
STRICT: Headers = ((COEP, "require-corp"),)
SEND_COOP = "`Cross-Origin-Opener-Policy: same-origin`"
SEND_COEP = "`Cross-Origin-Embedder-Policy: require-corp`"


def page(headers: Headers, origin: Origin = APP) -> Document:
    return Document(Hop(f"{origin}/app", origin, headers=headers))


def frame(parent: Document, headers: Headers, origin: Origin = APP, allow: str | None = None) -> Document:
    return Document(Hop(f"https://{origin.host}/frame", origin, headers=headers), parent, allow=allow)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (page(()), f"send {SEND_COOP} and {SEND_COEP} on https://app.example/app"),
        (page(SAME_ORIGIN), f"send {SEND_COEP} on https://app.example/app"),
        (page(STRICT), f"send {SEND_COOP} on https://app.example/app"),
        (page(((COEP, "credentialless"),)), f"send {SEND_COOP} on https://app.example/app"),
        (page((*STRICT, (COOP, "same-orign"))), f"send {SEND_COOP} on https://app.example/app"),
        (page((*STRICT, (COOP, "same-origin-allow-popups"))), f"send {SEND_COOP} on https://app.example/app"),
        (
            frame(page(()), ()),
            f"send {SEND_COOP} and {SEND_COEP} on https://app.example/app and {SEND_COEP} on https://app.example/frame",
        ),
        (
            frame(page(STRICT), STRICT, CDN, "cross-origin-isolated"),
            f"send {SEND_COOP} on https://app.example/app",
        ),
    ],
)
def test_it_is_what_is_missing(document: Document, told: str) -> None:
    assert not document_isolation(document).isolated
    assert isolation_mend(document) == told


@pytest.mark.parametrize(
    "document",
    [
        page((*SAME_ORIGIN, *STRICT)),
        page((), Origin("http", "app.example")),
        page((("Permissions-Policy", "cross-origin-isolated=()"),)),
        frame(page(()), STRICT, CDN),
        Document(Hop("about:blank", APP), inherits=page(())),
    ],
    ids=["isolated", "insecure", "not permitted", "not allowed", "inherits"],
)
def test_there_is_none_where_no_header_is_missing_or_it_would_not_do(document: Document) -> None:
    assert isolation_mend(document) == ""
