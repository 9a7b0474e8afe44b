"""How much faster isolab flies its catalogue on Chromium than the usual way does: `python tests/bench/compare.py`.

Both ways run in one process, in turns, so that a noisy machine disturbs both alike. Only the ratios mean anything: one
for the cases alone, although isolab flies its controls besides, and one for the usual way with the same controls
written out as tests of their own, as it takes them to prove as much.

How busy each way keeps the processor is told beside: that is what a machine with more cores can make of it.

What the usual way cannot see (a popup that closes itself while it is asked, most of all) would end in a time-out there,
which is no measure of anything. A rehearsal, several at once, finds those cases; neither way flies them then.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Self

import psutil
from playwright.async_api import async_playwright
from usual import fly_the_usual_way

from isolab.engines.engine import Engine
from isolab.engines.registry import find_engines
from isolab.lab.server import open_lab
from isolab.resources import resource
from isolab.runner.control import control_key
from isolab.runner.events import CaseFinished, EngineStarted, Event
from isolab.runner.options import RunOptions
from isolab.runner.run import run_cases
from isolab.runner.schedule import with_controls
from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios

AT_ONCE = 8
"""How many contexts the rehearsal has at once: most of those that fail wait for something that never comes."""


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


class Processor:
    """How many cores the whole machine has kept busy, on average, while this was entered."""

    def __enter__(self) -> Self:
        self._began, self._before = time.monotonic(), _busy_s()
        return self

    def __exit__(self, *_: object) -> None:
        self.cores = (_busy_s() - self._before) / (time.monotonic() - self._began)


def _busy_s() -> float:
    spent = psutil.cpu_times()
    return float(spent.user + spent.system)


def usable_cores() -> int:
    """The cores that this process may use, where the system tells; all of them elsewhere."""
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else psutil.cpu_count() or 1


async def isolab_way(engine: Engine, cases: Sequence[Case]) -> tuple[float, dict[str, int]]:
    """Seconds for all cases, controls included, and the outcomes."""
    watch = Stopwatch()
    await run_cases(cases, [engine], RunOptions(), watch)
    return watch.ended - watch.began, watch.outcomes


def controls(cases: Sequence[Case]) -> list[Case]:
    """The controls that isolab flies besides the cases."""
    return [unit.case for unit in with_controls(cases, "chromium") if unit.control]


@asynccontextmanager
async def usual_browser(engine: Engine) -> AsyncIterator[Callable[[Case], Awaitable[list[str]]]]:
    """Flies one case after another the usual way, each in a context of its own; gives what was not as expected."""
    async with open_lab() as lab, async_playwright() as playwright:
        path = None if engine.bundled else engine.executable
        trust = [f"--ignore-certificate-errors-spki-list={lab.authority.spki}"]
        browser = await playwright.chromium.launch(executable_path=path, args=trust)
        try:
            yield partial(fly_the_usual_way, browser, lab)
        finally:
            await browser.close()


async def rehearse(engine: Engine, cases: Sequence[Case]) -> list[Case]:
    """The cases in which the usual way sees what is expected; says which it does not."""
    turn = asyncio.Semaphore(AT_ONCE)
    async with usual_browser(engine) as fly:

        async def seen(case: Case) -> bool:
            async with turn:
                wrong = await fly(case)
            for one in wrong:
                print(f"  the usual way does not see what is expected: {case.id}: {one}")
            return not wrong

        found = await asyncio.gather(*map(seen, cases))
    return [case for case, right in zip(cases, found, strict=True) if right]


async def usual_way(engine: Engine, cases: Sequence[Case]) -> tuple[float, list[str]]:
    """Seconds for all cases, one after the other, and what was not as expected."""
    async with usual_browser(engine) as fly:
        began = time.monotonic()
        wrong = [f"{case.id}: {found}" for case in cases for found in await fly(case)]
        return time.monotonic() - began, wrong


async def main() -> None:
    """Print the two rates and their ratio, a round at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[resource("scenarios")])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sample", type=int, default=0, help="only so many cases, chosen at random")
    given = parser.parse_args()
    cases = load_scenarios(given.paths)
    # A server of the user's own is the same work either way, and most of it the server's.
    cases = [case for case in cases if not case.upstreams and "chromium" not in case.skip]
    if given.sample:
        cases = random.Random(1).sample(cases, given.sample)
    engine = find_engines(["chromium"])[0]
    count = len(cases)
    cases = await rehearse(engine, cases)
    extra = await rehearse(engine, controls(cases))
    # isolab flies its controls with the cases: those that the usual way cannot tell go with theirs.
    untold = {control_key(case, "chromium") for case in controls(cases)} - {control_key(c, "chromium") for c in extra}
    cases = [case for case in cases if control_key(case, "chromium") not in untold]
    extra = controls(cases)
    print(f"{len(cases)} of {count} cases can be told by both ways", flush=True)
    alone, proven = [], []
    for turn in range(given.rounds):
        with Processor() as usually:
            usual, wrong = await usual_way(engine, cases)
        more, wrong_controls = await usual_way(engine, extra)
        with Processor() as busily:
            ours, outcomes = await isolab_way(engine, cases)
        alone.append(usual / ours)
        proven.append((usual + more) / ours)
        print(
            f"round {turn + 1}: usual {usual:.1f} s, its controls {more:.1f} s, isolab {ours:.1f} s; {outcomes}",
            flush=True,
        )
        print(f"  cores kept busy: usual {usually.cores:.2f}, isolab {busily.cores:.2f}", flush=True)
        for one in wrong + wrong_controls:
            print(f"  the usual way does not see what is expected: {one}")
    print(f"{len(cases)} cases and {len(extra)} controls on {engine.origin} {engine.version}, {usable_cores()} cores:")
    print(f"{_mean(alone):.2f} times as fast as the cases alone, {_mean(proven):.2f} times as fast as both")


def _mean(ratios: Sequence[float]) -> float:
    return sum(ratios) / len(ratios)


if __name__ == "__main__":
    asyncio.run(main())
