from __future__ import annotations

from pictured import at

from isolab.reports.html.moments import moments


def test_isolation_headers_are_first_and_in_the_order_of_their_weight() -> None:
    headers = [
        "Content-Type: text/html",
        "cross-origin-embedder-policy: require-corp",
        "Cache-Control: no-store",
        "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Opener-Policy: unsafe-none",
    ]
    (shown,) = moments([at(0.5, "app", "response", url="https://app.example/", status=200, headers=headers)])
    assert shown == {
        "window": "app",
        "kind": "response",
        "url": "https://app.example/",
        "status": 200,
        "weighty": [headers[3], headers[4], headers[1]],
        "others": [headers[0], headers[2]],
    }


def test_every_text_is_fit_to_be_seen() -> None:
    (shown,) = moments([at(0.0, "a\x1b", "said", name="\u202ek", text="\x00", headers=["X: \x07"])])
    assert shown == {
        "window": "a\u241b",
        "kind": "said",
        "name": "\ufffdk",
        "text": "\u2400",
        "weighty": [],
        "others": ["X: \u2407"],
    }


def test_long_queries_are_cut() -> None:
    (shown,) = moments([at(0.0, "app", "loaded", url=f"https://idp.example/?state={'x' * 400}", isolated=True)])
    assert isinstance(shown, dict)
    assert len(str(shown["url"])) < 100
    assert shown["isolated"] is True
