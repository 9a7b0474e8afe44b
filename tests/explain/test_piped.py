from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.explain.piped import NotResponses, origin_of, read_responses
from isolab.policy.terms import Origin

FIRST = "https://app.example/start"


def read(*lines: str) -> list[tuple[str, int, tuple[tuple[str, str], ...]]]:
    text = "\r\n".join(lines).encode("latin-1")
    return [(hop.url, hop.status, hop.headers) for hop in read_responses(text, FIRST)]


def test_one_response_and_its_body() -> None:
    assert read(
        "HTTP/2 200", "Cross-Origin-Opener-Policy: same-origin", "", "<pre>", "HTTP/1.1 500 in the body", "x: y"
    ) == [(FIRST, 200, (("Cross-Origin-Opener-Policy", "same-origin"),))]


def test_redirects_lead_from_one_to_the_next() -> None:
    told = read(
        "HTTP/1.1 302 Found", "Location: /login", "Content-Length: 4", "", "HTTPHTTP/1.1 307 Temporary Redirect",
        "location: https://idp.example:8443/x", "", "moved",
        "HTTP/1.1 200 OK", "A: 1", "a: 2", "", "<p>",
    )  # fmt: skip
    assert [(url, status) for url, status, _ in told] == [
        (FIRST, 302),
        ("https://app.example/login", 307),
        ("https://idp.example:8443/x", 200),
    ]
    assert told[-1][2] == (("A", "1"), ("a", "2"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_what_a_shell_of_windows_makes_of_it_is_read(encoding: str) -> None:
    text = "\r\nHTTP/1.1 200 OK\r\nCross-Origin-Opener-Policy: same-origin\r\n\r\n<p>"
    (hop,) = read_responses(text.encode(encoding), FIRST)
    assert hop.headers == (("Cross-Origin-Opener-Policy", "same-origin"),)


def test_interim_responses_and_those_of_a_proxy_do_not_count() -> None:
    told = read(
        "HTTP/1.1 200 Connection established", "", "HTTP/1.1 103 Early Hints", "Link: <x>", "", "HTTP/2 204 ", ""
    )
    assert [status for _, status, _ in told] == [204]


def test_a_challenge_that_curl_answered_does_not_count() -> None:
    asked = ("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Digest realm=x", "Transfer-Encoding: chunked", "", "no")
    again = ("HTTP/1.1 302 Found", "Location: /in", "", "HTTP/1.1 200 OK", "A: 1", "", "")
    assert [(url, status) for url, status, _ in read(*asked, *again)] == [
        (FIRST, 302),
        ("https://app.example/in", 200),
    ]
    assert [status for _, status, _ in read(*asked)] == [401]


@pytest.mark.parametrize("length", ["9" * 20, "9" * 5000, "\u0663", "-1", "x"])
def test_a_length_that_no_body_has_is_no_defect(length: str) -> None:
    text = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nabc"
    assert len(read_responses(text.encode(), FIRST)) == 1


def test_values_are_read_to_the_byte() -> None:
    text = b"HTTP/1.1 200 OK\nA: \t\x0bsame-origin\x0c \nB: caf\xe9\r\nC: a\n  b\r\nD:\n\n"
    (hop,) = read_responses(text, FIRST)
    assert hop.headers == (("A", "\x0bsame-origin\x0c"), ("B", "caf\xe9"), ("C", "a b"), ("D", ""))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no response"),
        ("HTTP/1.1 100 Continue\r\n\r\n", "there is no response"),
        ("<!doctype html>", "line 1: `<!doctype html>` is no status line"),
        ("\n\nHTTP 200 OK\n\n", "line 3: `HTTP 200 OK` is no status line"),
        ("HTTP/1.1 200 OK\r\nA: b\r\nnonsense\r\n\r\n", "line 3: `nonsense` is no header line"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nHTTPHTTP/1.1 200 OK\r\n\r\n",
            "line 4: a response follows one that is no redirect (status 200)",
        ),
        # As `curl -I` prints them: with the length of a body that is not there.
        (
            "HTTP/2 404 \r\nContent-Length: 40\r\n\r\nHTTP/2 200 \r\n\r\n",
            "line 4: a response follows one that is no redirect (status 404): pipe in the responses of one URL",
        ),
        ("HTTP/1.1 302 Found\nLocation: app://x\n\nHTTP/1.1 200 OK\n\n", "app://x is no http or https URL"),
    ],
)
def test_what_is_no_response_is_told_with_its_line(text: str, why: str) -> None:
    with pytest.raises(NotResponses) as caught:
        read_responses(text.encode(), FIRST)
    assert why in str(caught.value)


@given(st.binary(max_size=200))
def test_nothing_else_is_ever_raised(text: bytes) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "):
        with suppress(NotResponses):
            read_responses(start + text, FIRST)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example/x", Origin("https", "a.example")),
        ("http://a.example:80/", Origin("http", "a.example")),
        ("https://A.example:8443", Origin("https", "a.example", 8443)),
        ("http://[::1]:8000/", Origin("http", "[::1]", 8000)),
    ],
)
def test_the_origin_of_a_url(url: str, origin: Origin) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url", ["a.example", "ftp://a.example/", "https:///x", "data:,x", "https://a:99999/", "http://[::1/"]
)
def test_other_urls_have_none(url: str) -> None:
    with pytest.raises(ValueError, match="no http or https URL"):
        origin_of(url)
