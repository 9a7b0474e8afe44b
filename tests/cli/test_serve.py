"""`isolab serve`: a client of its own, through the printed address, is served and heard."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from command_line import SCENARIO, CommandLine

from isolab.cli.serve import _reachable, _serve
from isolab.scenario.load import load_scenarios


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_a_file_with_several_cases_must_be_narrowed_down(isolab: CommandLine) -> None:
    assert isolab("serve", "popup.yaml") == 2
    assert "popup.yaml has 2 cases; which one?" in isolab.err
    assert "popup[app.coop=same-origin]" in isolab.err


def test_an_address_that_is_not_to_be_had(isolab: CommandLine) -> None:
    assert isolab("serve", "popup[app.coop=same-origin]", "--host", "192.0.2.1") == 3
    assert "cannot listen on 192.0.2.1" in isolab.err


async def _visit(tmp_path: Path, said: list[str]) -> str:
    """Fetch the printed start page through the printed proxy, trusting the printed authority, and report from it."""
    (tmp_path / "popup.yaml").write_text(SCENARIO, encoding="utf-8")
    case = replace(load_scenarios([tmp_path / "popup.yaml"])[1], title="\x1b[31mA popup\nproxy  http://evil.example")
    serving = asyncio.create_task(_serve(case, "127.0.0.1", 0, said.append))
    async with asyncio.timeout(10):
        while len(said) < 5:
            await asyncio.wait([serving], timeout=0.01)
        proxy = re.search(r"http://127\.0\.0\.1:\d+", said[1]).group()  # type: ignore[union-attr]
        start = said[2].split()[-1]
        async with aiohttp.ClientSession() as client:
            async with client.get(f"{proxy}/.isolab/authority.pem") as response:
                trust = ssl.create_default_context(cadata=(await response.text()))
            async with client.get(start, proxy=proxy, ssl=trust) as response:
                assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
                page = await response.text()
            document = re.search(r'"doc": "([^"]+)"', page).group(1)  # type: ignore[union-attr]
            told = {"key": "hello", "value": "\x1b[31mred", "\x1b[2J\nforged": 1}
            report = {"doc": document, "events": [["says", told]]}
            async with client.post("https://app.example/.isolab/exchange", json=report, proxy=proxy, ssl=trust):
                pass
        while len(said) < 7:
            await asyncio.wait([serving], timeout=0.01)
    serving.cancel()
    await asyncio.wait([serving])
    return start


def test_a_browser_used_by_hand_is_served_and_heard(tmp_path: Path) -> None:
    said: list[str] = []
    assert asyncio.run(_visit(tmp_path, said)) == "https://app.example/app"
    assert "says" in said[6]
    assert "key=hello" in said[6]
    assert not any(character in line for line in said for character in "\x1b\n")


@pytest.mark.parametrize("port", ["70000", "x"])
def test_a_port_that_is_none(isolab: CommandLine, port: str) -> None:
    assert isolab("serve", "popup[app.coop=same-origin]", "--port", port) == 2


@pytest.mark.parametrize(
    ("host", "reachable"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("192.168.1.7", "192.168.1.7"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
    ],
)
def test_the_printed_address_can_be_used(host: str, reachable: str) -> None:
    assert _reachable(host) == reachable


def test_whoever_listens_everywhere_is_told_what_other_machines_use(tmp_path: Path) -> None:
    (tmp_path / "popup.yaml").write_text(SCENARIO, encoding="utf-8")
    case = load_scenarios([tmp_path / "popup.yaml"])[0]
    said: list[str] = []

    async def whole() -> None:
        serving = asyncio.create_task(_serve(case, "0.0.0.0", 0, said.append))
        async with asyncio.timeout(10):
            while "" not in said:
                await asyncio.wait([serving], timeout=0.01)
        serving.cancel()
        await asyncio.wait([serving])

    asyncio.run(whole())
    assert not any("0.0.0.0" in line for line in said)
    assert "http://127.0.0.1:" in said[1]
    assert "other machines use this machine's own address in place of 127.0.0.1" in said[2]
