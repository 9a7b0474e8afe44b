"""Cases as people write them: from the text of a scenario file."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios

T = TypeVar("T")

POPUP = """
    title: A popup
    hosts: {app: , idp: cross-site}
    pages:
      app: {coop: "${{ coop }}"}
      popup: {host: idp}
    matrix: {coop: [null, same-origin]}
    flow:
      - open: app
      - popup: popup
    expect:
      - popup.opener: preserved
      - when: {coop: same-origin}
        popup.opener: severed
    timeout: 10
"""
"""Two cases: a popup without COOP, and one that `same-origin` cuts off."""


def written(text: str, name: str = "written.yaml") -> list[Case]:
    """The cases of a scenario file with this text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return load_scenarios([path])


def only(text: str) -> Case:
    """The case of a scenario that has one."""
    (case,) = written(text)
    return case


def run(work: Coroutine[object, object, T], limit_s: float = 60.0) -> T:
    """Run to the end; what hangs is a failure, and so is a task that is left over."""

    async def watched() -> T:
        async with asyncio.timeout(limit_s):
            result = await work
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks were left: {left}"
        return result

    return asyncio.run(watched())
