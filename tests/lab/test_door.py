from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress

import pytest
from lab_client import hang_up, https, wire
from written_cases import only, run

from isolab.lab.door import MAX_HEAD
from isolab.lab.server import open_lab

CASE = only("""
    title: Hosts
    hosts: {app: null, plain: http://plain.example, high: https://high.example:8443}
    pages: {app: {}, plain: {}, high: {}}
    flow: [open: app]
    expect: {app.url: app}
""")


def test_a_declared_https_host_gets_tls_with_a_certificate_of_its_own() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            async with https(lab, f"{stage.label}.app.example") as found:
                assert (await found.request(f"{stage.label}.app.example", "/app")).status == 200

    run(work())


def test_a_certificate_is_for_one_host_only() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            async with wire(lab) as found:
                assert await found.connect(f"{stage.label}.app.example:443") == 200
                with pytest.raises(ssl.SSLCertVerificationError):
                    await found.secure(f"{stage.label}.high.example")

    run(work())


def test_a_head_may_come_byte_by_byte() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            async with wire(lab) as found:
                for byte in f"CONNECT {stage.label}.app.example:443 HTTP/1.1\r\n\r\n".encode():
                    await found.send(bytes([byte]))
                assert (await found.answer()).status == 200
                await found.secure(f"{stage.label}.app.example")

    run(work())


@pytest.mark.parametrize(
    ("authority", "refused"),
    [
        ("g1.other.example:443", ["other.example"]),
        ("g1.app.example:444", ["app.example"]),
        ("g1.high.example:443", ["high.example"]),
        ("g1.plain.example:443", ["plain.example"]),
        ("g7.app.example:443", []),
        ("app.example:443", []),
        ("[::1]:443", []),
    ],
)
def test_what_is_not_declared_is_refused_and_written_down(authority: str, refused: list[str]) -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            assert stage.label == "g1"
            stage.play(CASE)
            async with wire(lab) as found:
                assert await found.connect(authority) == 403
                assert await found.ended()
            assert stage.record.refused == refused

    run(work())


def test_a_plain_origin_may_be_tunnelled_too() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            async with wire(lab) as found:
                assert await found.connect(f"{stage.label}.plain.example:80") == 200
                answer = await found.request(f"{stage.label}.plain.example", "/plain")
                assert (answer.status, stage.record.requests[0].url) == (200, "http://plain.example/plain")

    run(work())


@pytest.mark.parametrize(
    "head",
    [
        "CONNECT nowhere HTTP/1.1\r\n\r\n",
        "CONNECT host:port HTTP/1.1\r\n\r\n",
        "CONNECT  HTTP/1.1\r\n\r\n",
        "CONNECT h\u00f6st:443 HTTP/1.1\r\n\r\n",
        "CONNECT host:443" + "x" * MAX_HEAD,
        "CONNECT host:443 HTTP/1.1\r\n" + "X: y\r\n" * MAX_HEAD + "\r\n",
        "not HTTP at all\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    ],
    ids=["no port", "port no number", "no target", "not ASCII", "endless", "oversized", "no HTTP", "TLS at once"],
)
def test_what_is_no_request_is_answered_with_400_and_closed(head: str) -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            await found.send(head)
            assert (await found.answer()).status == 400

    run(work())


def test_hosts_side_by_side_and_slow_ones_hold_nobody_up() -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as slow:
            stage = lab.stage()
            stage.play(CASE)
            await slow.send("CONNECT ")
            hosts = [(f"{stage.label}.app.example", 443, "/app"), (f"{stage.label}.high.example", 8443, "/high")] * 4

            async def ask(host: str, port: int, path: str) -> int:
                async with https(lab, host, port) as found:
                    return (await found.request(host if port == 443 else f"{host}:{port}", path)).status

            assert await asyncio.gather(*(ask(*host) for host in hosts)) == [200] * 8

    run(work())


@pytest.mark.parametrize("begun", ["", "CONN", "GET / HTTP/1.1\r\n", "CONNECT g1.app.example:443 HTTP/1.1\r\n\r\n"])
def test_a_connection_that_is_not_done_ends_with_the_lab(begun: str) -> None:
    async def work() -> None:
        async with open_lab() as lab:
            lab.stage().play(CASE)
            reader, writer = await asyncio.open_connection("127.0.0.1", lab.port)
            writer.write(begun.encode())
            if begun.endswith("\r\n\r\n"):
                await reader.readuntil(b"\r\n\r\n")
            else:
                await _round_trip(lab.port)
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 2) == b""
        await hang_up(writer)

    run(work())


async def _round_trip(port: int) -> None:
    """By the time a later connection is answered, the earlier one has been accepted and read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"CONNECT x HTTP/1.1\r\n\r\n")
    await reader.read()
    await hang_up(writer)
