from __future__ import annotations

import asyncio

from isolab.lab.orders import Orders


def test_commands_are_given_until_the_page_says_that_it_has_got_them() -> None:
    async def work() -> None:
        orders = Orders()
        orders.put({"do": "a"})
        orders.put({"do": "b"})
        lost = await orders.take(0, 5)
        again = await orders.take(0, 5)
        assert lost == again
        assert [command["do"] for command in again.commands] == ["a", "b"]
        orders.put({"do": "c"})
        assert [command["do"] for command in (await orders.take(1, 5)).commands] == ["b", "c"]
        assert (await orders.take(3, 0)).commands == ()

    asyncio.run(work())


def test_a_command_wakes_the_request_that_waits() -> None:
    async def work() -> None:
        orders = Orders()
        asked = asyncio.create_task(orders.take(0, 5))
        asyncio.get_running_loop().call_soon(orders.put, {"do": "a"})
        batch = await asked
        assert (batch.commands, batch.last) == (({"do": "a"},), 1)

    asyncio.run(work())


def test_nothing_to_do_leaves_what_was_got_as_it_is() -> None:
    async def work() -> None:
        orders = Orders()
        orders.put({"do": "a"})
        await orders.take(0, 5)
        assert (await orders.take(1, 0)).last == 1

    asyncio.run(work())


def test_only_the_latest_request_is_the_newest() -> None:
    orders = Orders()
    first, second = orders.ask(), orders.ask()
    assert not orders.newest(first)
    assert orders.newest(second)
