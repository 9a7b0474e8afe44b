from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from fake_browser import FakeEngine
from fake_pages import Ways
from written_cases import POPUP, only, run, written

from isolab.engines.engine import EngineError, Launch, Session
from isolab.runner.events import CaseFinished, CaseStarted, EngineStarted, Event
from isolab.runner.live import LiveRun
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult
from isolab.scenario.case import Case

CASES = written(POPUP)
OPTIONS = RunOptions(timeout_s=5)


def _outcomes(fake: FakeEngine, *rounds: list[Case]) -> list[CaseResult]:
    async def work() -> list[CaseResult]:
        async with LiveRun([fake.engine], OPTIONS) as live:
            results: list[CaseResult] = []
            for cases in rounds:
                results += [await answer for answer in live.fly(cases, "chromium")]
            return results

    return run(work())


def test_cases_are_answered_as_they_come_by_one_browser() -> None:
    fake = FakeEngine()
    results = _outcomes(fake, CASES[1:], CASES, CASES[:1])
    assert [result.case for result in results] == [CASES[1], *CASES, CASES[0]]
    assert {result.outcome for result in results} == {"passed"}
    assert fake.starts == fake.closed == 1


def test_the_control_of_a_case_that_comes_later_is_flown_as_well() -> None:
    (result,) = _outcomes(FakeEngine(), CASES[1:])
    assert result.outcome == "passed"


def test_an_engine_that_is_not_there_is_told_to_each_who_asks() -> None:
    async def work() -> None:
        async with LiveRun([], OPTIONS) as live:
            for answer in live.fly(CASES, "firefox"):
                with pytest.raises(EngineError, match="firefox was not found"):
                    await answer

    run(work())


def test_a_listener_hears_of_engines_and_cases_before_who_asked() -> None:
    fake = FakeEngine()
    heard: list[Event] = []

    def hear(event: Event) -> None:
        heard.append(event)

    async def work() -> list[Event]:
        async with LiveRun([fake.engine], OPTIONS, hear) as live:
            (answer,) = live.fly(CASES[:1], "chromium")
            result = await answer
            assert CaseFinished(result) in heard
            assert live.notes == ()
            await asyncio.gather(*live.fly(CASES[1:], "chromium"))
        return heard

    told = [type(event) for event in run(work())]
    assert told[:3] == [EngineStarted, CaseStarted, CaseFinished]
    assert (told.count(EngineStarted), told.count(CaseFinished)) == (1, len(CASES))


def test_a_defect_that_ends_an_engine_is_told_to_each_who_asks_also_later() -> None:
    """One without a text of its own, as NotImplementedError is."""

    def start(_launch: Launch) -> AbstractAsyncContextManager[Session]:
        raise NotImplementedError

    async def work() -> tuple[str, ...]:
        engine = replace(FakeEngine().engine, start=start)
        async with LiveRun([engine], OPTIONS) as live, asyncio.timeout(20):
            for kind in (NotImplementedError, EngineError):
                (answer,) = live.fly(CASES[:1], "chromium")
                with pytest.raises(kind):
                    await answer
            return live.defects

    (trace,) = run(work())
    assert trace.startswith("Traceback")
    assert trace.endswith("NotImplementedError\n")


def test_a_case_that_is_asked_for_again_has_a_control_of_its_own() -> None:
    """As where a plugin of pytest's runs a failed test once more."""
    ways = Ways()
    started: list[Event] = []
    severed = only(POPUP.replace("coop: [null, same-origin]", "coop: [same-origin]"))

    def hear(event: Event) -> None:
        if isinstance(event, CaseStarted):
            started.append(event)
            # The first control loses its opener as well, so it proves nothing.
            ways.keeps = len(started) > 1

    async def work() -> list[str]:
        async with LiveRun([FakeEngine(ways).engine], RunOptions(jobs=1, timeout_s=5), hear) as live:
            return [(await answer).outcome for _ in range(2) for answer in live.fly([severed], "chromium")]

    assert run(work()) == ["error", "passed"]
