from __future__ import annotations

import gzip
import socket

import pytest
from own_upstream import Response, own_upstream
from written_cases import run

from isolab.lab import client as module
from isolab.lab.client import Answer, NoAnswerError, Question, open_client, passed_on, request_headers

URL = "https://app.example:8443/x?y"


def question(*headers: tuple[str, str], method: str = "GET", body: bytes = b"") -> Question:
    return Question(method, URL, "/x?y", headers, body)


async def ask(base: str, asked: Question) -> Answer:
    async with open_client() as client:
        return await client.ask(base, asked)


def test_the_server_is_told_how_it_is_called() -> None:
    headers = request_headers(
        question(
            ("Host", "g1.app.example:8443"),
            ("Accept-Encoding", "gzip, br"),
            ("X-Forwarded-For", "6.6.6.6"),
            ("Cookie", "a=1"),
        )
    )
    assert dict(headers) == {
        "Cookie": "a=1",
        "Host": "app.example:8443",
        "Accept-Encoding": "identity",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "app.example:8443",
        "X-Forwarded-For": "127.0.0.1",
    }


def test_what_is_for_one_connection_only_is_not_passed_on() -> None:
    lines = [("Connection", "close, X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "5"), ("TE", "trailers"), ("X-End", "2")]
    assert passed_on(lines, {"x-other"}) == [("X-End", "2")]


def test_status_and_every_header_line_come_as_they_are() -> None:
    lines = (("Set-Cookie", "a=1; Path=/"), ("set-cookie", "b=2"), ("Location", "/else"), ("X-Odd", "caf\xe9"))
    with own_upstream({"/x?y": Response("", lines, 302)}) as own:
        answer = run(ask(own.url, question(("Referer", "https://app.example/"))))
    assert (answer.status, list(answer.headers), answer.body) == (302, list(lines), b"")
    assert answer.values("location") == ["/else"]
    (asked,) = own.asked
    assert (asked.method, asked.target, asked.headers["referer"]) == ("GET", "/x?y", "https://app.example/")
    assert "user-agent" not in asked.headers


def test_a_body_goes_there_and_an_encoded_one_comes_decoded() -> None:
    with own_upstream({"/x?y": Response(gzip.compress(b"out"), (("Content-Encoding", "gzip"), ("X-A", "b")))}) as own:
        answer = run(ask(own.url, question(method="POST", body=b"in")))
    assert (own.asked[0].method, own.asked[0].body) == ("POST", b"in")
    assert (list(answer.headers), answer.body) == ([("X-A", "b")], b"out")


def test_a_server_that_is_not_there_is_told_in_plain_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError) as caught:
        run(ask(f"http://127.0.0.1:{port}", question()))
    assert str(caught.value) == f"http://127.0.0.1:{port} does not answer: {module.NOBODY_LISTENS}"


def test_one_that_takes_the_connection_and_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        base = f"http://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(NoAnswerError, match=r"does not answer: nothing came within 0\.2 s"):
            run(ask(base, question()))


def test_what_is_no_http_is_no_answer() -> None:
    with own_upstream({"/x?y": Response("", (("Content-Length", "nonsense"),))}) as own, pytest.raises(NoAnswerError):
        run(ask(own.url, question()))
