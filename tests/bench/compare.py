"""How much faster isolab flies its catalogue on Chromium than the usual way does: `python tests/bench/compare.py`.

Both ways run in one process, in turns, so that a noisy machine disturbs both alike. Only the ratio means anything.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import async_playwright
from usual import fly_the_usual_way

from isolab.engines.engine import Engine
from isolab.engines.registry import find_engines
from isolab.lab.server import open_lab
from isolab.resources import resource
from isolab.runner.events import CaseFinished, EngineStarted, Event
from isolab.runner.options import RunOptions
from isolab.runner.run import run_cases
from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios


class Stopwatch:
    """From the moment that the engine is ready to the last result, in seconds."""

    def __init__(self) -> None:
        self.began = 0.0
        self.ended = 0.0
        self.outcomes: dict[str, int] = {}

    def __call__(self, event: Event) -> None:
        if isinstance(event, EngineStarted):
            self.began = time.monotonic()
        elif isinstance(event, CaseFinished):
            self.ended = time.monotonic()
            outcome = event.result.outcome
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


async def isolab_way(engine: Engine, cases: Sequence[Case]) -> tuple[float, dict[str, int]]:
    """Seconds for all cases, controls included, and the outcomes."""
    watch = Stopwatch()
    await run_cases(cases, [engine], RunOptions(), watch)
    return watch.ended - watch.began, watch.outcomes


async def usual_way(engine: Engine, cases: Sequence[Case]) -> float:
    """Seconds for all cases, one context each, one after the other."""
    async with open_lab() as lab, async_playwright() as playwright:
        path = None if engine.bundled else engine.executable
        trust = [f"--ignore-certificate-errors-spki-list={lab.authority.spki}"]
        browser = await playwright.chromium.launch(executable_path=path, args=trust)
        began = time.monotonic()
        for case in cases:
            await fly_the_usual_way(browser, lab, case)
        took = time.monotonic() - began
        await browser.close()
    return took


async def main() -> None:
    """Print the two rates and their ratio, a round at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[resource("scenarios")])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sample", type=int, default=0, help="only so many cases, chosen at random")
    given = parser.parse_args()
    cases = load_scenarios(given.paths)
    if given.sample:
        cases = random.Random(1).sample(cases, given.sample)
    engine = find_engines(["chromium"])[0]
    ratios = []
    for turn in range(given.rounds):
        usual = await usual_way(engine, cases)
        ours, outcomes = await isolab_way(engine, cases)
        ratios.append(usual / ours)
        told = f"usual {len(cases) / usual:.1f} cases a second, isolab {len(cases) / ours:.1f}"
        print(f"round {turn + 1}: {told}, {usual / ours:.2f} times as fast; {outcomes}", flush=True)
    print(f"{len(cases)} cases on {engine.origin} {engine.version}: {sum(ratios) / len(ratios):.2f} times as fast")


if __name__ == "__main__":
    asyncio.run(main())
