from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from lab_client import get
from written_cases import only, run

from isolab.lab.server import Lab, open_lab
from isolab.lab.stage import Stage

CASE = only("""
    title: Two hosts
    hosts: {app: null, wallet: cross-site, plain: http://plain.example}
    pages: {app: {}, wallet: {host: wallet}, plain: {host: plain}}
    flow: [open: app]
    expect: {app.url: app}
""")


@asynccontextmanager
async def playing() -> AsyncIterator[tuple[Lab, Stage, aiohttp.ClientSession]]:
    async with open_lab() as lab, aiohttp.ClientSession(proxy=f"http://127.0.0.1:{lab.port}") as session:
        stage = lab.stage()
        stage.play(CASE)
        yield lab, stage, session


@asynccontextmanager
async def joined(
    found: tuple[Lab, Stage, aiohttp.ClientSession], topic: str, host: str = "https://app.example"
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    lab, stage, session = found
    scheme, _, name = host.partition("://")
    context = ssl.create_default_context(cadata=lab.authority.root_pem.decode())
    async with session.ws_connect(f"{scheme}://{stage.label}.{name}/.isolab/relay/{topic}", ssl=context) as socket:
        yield socket


def test_what_one_page_says_every_other_on_its_topic_hears_also_of_another_host_or_scheme() -> None:
    async def work() -> None:
        async with (
            playing() as found,
            joined(found, "a") as speaker,
            joined(found, "a", "https://wallet.example") as other,
            joined(found, "a", "http://plain.example") as plain,
            joined(found, "b") as stranger,
        ):
            await speaker.send_str("one")
            assert [await socket.receive_str(timeout=20) for socket in (other, plain)] == ["one", "one"]
            # Whoever had heard more would have it before this.
            await stranger.send_str("elsewhere")
            await other.send_str("two")
            assert await speaker.receive_str(timeout=20) == "two"
            async with joined(found, "b") as late:
                assert await late.receive_str(timeout=20) == "elsewhere"

    run(work())


def test_one_that_comes_later_hears_all_in_its_order_and_closing_means_that_all_has_arrived() -> None:
    async def work() -> None:
        async with playing() as found:
            async with joined(found, "a") as speaker:
                for text in "123":
                    await speaker.send_str(text)
                assert await speaker.close()
            async with joined(found, "a") as late:
                assert [await late.receive_str(timeout=20) for _ in range(3)] == ["1", "2", "3"]

    run(work())


def test_the_next_case_hears_nothing_of_it() -> None:
    async def work() -> None:
        async with playing() as found:
            async with joined(found, "a") as speaker:
                await speaker.send_str("old")
            found[1].play(CASE)
            async with joined(found, "a") as late, joined(found, "a") as speaker:
                await speaker.send_str("new")
                assert await late.receive_str(timeout=20) == "new"

    run(work())


def test_a_page_that_has_gone_without_a_word_does_not_stop_the_others() -> None:
    async def work() -> None:
        async with playing() as found, joined(found, "a") as speaker, joined(found, "a") as other:
            async with joined(found, "a") as gone:
                connection = gone._conn  # aiohttp offers no way to break one off
                assert connection is not None
                assert connection.transport is not None
                connection.transport.abort()
            await speaker.send_str("still here")
            assert await other.receive_str(timeout=20) == "still here"

    run(work())


def test_a_request_that_opens_no_socket_is_told_so() -> None:
    async def work() -> None:
        async with playing() as (lab, stage, _):
            assert (await get(lab, f"https://{stage.label}.app.example/.isolab/relay/a")).status == 400

    run(work())
