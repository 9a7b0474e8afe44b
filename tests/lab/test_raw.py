from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_client import Wire, wire
from written_cases import only, run

from isolab.lab.server import open_lab
from isolab.scenario.case import Case

NAMES = st.sampled_from(["X-A", "X-B", "Cross-Origin-Opener-Policy"])
BYTES = st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\n")


def serving(lines: list[tuple[str, str]], more: str = "") -> Case:
    headers: dict[str, list[str]] = {}
    for name, value in lines:
        headers.setdefault(name, []).append(value)
    return only(f"""
    title: t
    hosts: {{app: http://app.example}}
    pages:
      app: {{headers: {json.dumps(headers)}, {more}}}
    flow: [open: app]
    expect: {{app.url: app}}
    """)


async def sent(found: Wire, host: str, method: str = "GET") -> list[bytes]:
    """The lines of the head, as they came."""
    await found.send(f"{method} http://{host}/app HTTP/1.1\r\nHost: {host}\r\n\r\n")
    return (await found.reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")


def served(case: Case) -> list[bytes]:
    async def work() -> list[bytes]:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(case)
            return await sent(found, f"{stage.label}.app.example")

    return run(work())


@pytest.mark.parametrize(
    "value",
    ["\vsame-origin\v", "\fa", "\ra\r", "a\xff", "\xe9", "\t a \t", " ", "", "a;\tb=c", "\x01\x7f", "a\r b"],
)
def test_a_value_goes_out_to_the_byte(value: str) -> None:
    assert b"X-A: " + value.encode("latin-1") in served(serving([("X-A", value)]))


def test_lines_of_one_name_go_out_in_their_order_and_empty_ones_too() -> None:
    lines = served(serving([("X-A", "1"), ("X-A", ""), ("X-A", "1")]))
    assert [line for line in lines if line.startswith(b"X-A")] == [b"X-A: 1", b"X-A: ", b"X-A: 1"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(BYTES, max_size=20)), min_size=1, max_size=5))
def test_any_lines_arrive_as_they_are(lines: list[tuple[str, str]]) -> None:
    # In the order of the names' first lines, as a scenario file groups them. A lone CR stays within its line.
    head = b"\r\n".join(served(serving(lines)))
    grouped = [line for name in dict.fromkeys(n for n, _ in lines) for line in lines if line[0] == name]
    assert b"\r\n".join(f"{name}: {value}".encode("latin-1") for name, value in grouped) in head


def test_the_record_has_what_was_sent() -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(serving([("X-A", "\v\xff\r ")]))
            await sent(found, f"{stage.label}.app.example")
            assert stage.record.requests[0].values("X-A") == ["\v\xff\r "]

    run(work())


def test_a_connection_carries_one_response_after_another() -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(serving([("X-A", "1")]))
            host = f"{stage.label}.app.example"
            for _ in range(3):
                answer = await found.request(host, f"http://{host}/app")
                assert (answer.status, b"isolabWindow" in answer.body) == (200, True)

    run(work())


def test_a_head_request_gets_the_head_alone() -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(serving([("X-A", "1")]))
            host = f"{stage.label}.app.example"
            lines = await sent(found, host, "HEAD")
            length = next(int(line.split()[1]) for line in lines if line.startswith(b"Content-Length"))
            assert length > 0
            assert (await found.request(host, f"http://{host}/app")).status == 200

    run(work())


@pytest.mark.parametrize(("status", "framed"), [(204, False), (200, True), (404, True)])
def test_what_has_no_body_has_no_length(status: int, framed: bool) -> None:
    lines = served(serving([("X-A", "1")], f"status: {status}"))
    assert lines[0].startswith(f"HTTP/1.1 {status} ".encode())
    assert any(line.startswith(b"Content-Length") for line in lines) == framed


def test_a_body_that_the_scenario_frames_ends_with_the_connection() -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(serving([("Content-Length", "3")]))
            lines = await sent(found, f"{stage.label}.app.example")
            assert [line for line in lines if line.startswith(b"Content-Length")] == [b"Content-Length: 3"]
            assert b"Connection: close" in lines
            assert b"isolabWindow" in await found.reader.read()

    run(work())


def test_a_browser_that_asks_for_it_has_the_connection_closed() -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(serving([("X-A", "1")]))
            host = f"{stage.label}.app.example"
            answer = await found.request(host, f"http://{host}/app", head="Connection: close\r\n")
            assert answer.values("Connection") == ["close"]
            assert await found.ended()

    run(work())
