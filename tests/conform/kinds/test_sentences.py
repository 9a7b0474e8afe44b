from __future__ import annotations

import pytest

from isolab.conform.kinds.sentences import told_headers, without_told
from isolab.conform.reader import NotStagedError, Reader


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (None, []),
        ("require-corp", [("Cross-Origin-Embedder-Policy", "require-corp")]),
        ("report-only credentialless", [("Cross-Origin-Embedder-Policy-Report-Only", "credentialless")]),
        (
            "COOP same-origin + COEP require-corp",
            [("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Embedder-Policy", "require-corp")],
        ),
        (
            "CORP cross-origin + CSP frame-ancestors 'none' + X-Frame-Options deny",
            [
                ("Cross-Origin-Resource-Policy", "cross-origin"),
                ("Content-Security-Policy", "frame-ancestors 'none'"),
                ("X-Frame-Options", "deny"),
            ],
        ),
    ],
)
def test_each_phrase_is_a_header(text: str | None, headers: list[tuple[str, str]]) -> None:
    assert list(told_headers(Reader({"headers": text}), "headers")) == headers


@pytest.mark.parametrize("text", ["", "require-corp or so", "COEP", "a + "])
def test_what_is_no_such_sentence_is_refused(text: str) -> None:
    with pytest.raises(NotStagedError):
        told_headers(Reader({"headers": text}), "headers")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("COOP same-origin + COEP credentialless", "COOP same-origin"),
        ("COEP credentialless", None),
        ("credentialless + CORP cross-origin", "CORP cross-origin"),
        ("COEP require-corp", "COEP require-corp"),
    ],
)
def test_a_value_that_is_not_known_is_taken_out(text: str, left: str | None) -> None:
    assert without_told(text, "Cross-Origin-Embedder-Policy", "credentialless") == left
