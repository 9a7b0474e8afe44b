from __future__ import annotations

import asyncio
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fake_browser import FakeEngine
from fake_pages import FakeDocument, Ways
from flying import Told, deadline, ran
from written_cases import POPUP, only, run, written

from isolab.engines.engine import EngineError
from isolab.runner import engine_run
from isolab.runner.events import CaseFinished, CaseStarted, EngineFailed, EngineStarted, Event, RunStarted
from isolab.runner.options import RunOptions
from isolab.runner.run import run_cases
from isolab.scenario.case import Case
from isolab.waiting import Signal

SIX = POPUP.replace("coop: [null, same-origin]", "coop: [null, same-origin], n: [1, 2, 3]").replace(
    "popup: {host: idp}", 'popup: {host: idp, headers: {X-N: "${{ n }}"}}'
)
"""Three cases that keep the link and three that lose it; each of these has one of those as its control."""


def saying(value: str, timeout: float = 0.5) -> Case:
    """A case that passes if the page says the value when it is clicked."""
    return only(f"""
    title: Says
    pages: {{app: {{}}}}
    flow: [open: app, click: "#x", {{wait: app, says: word}}]
    expect: {{app.says.word: {value}}}
    timeout: {timeout}
    """)


def speaker(*words: str) -> Ways:
    """The page says these words on one click after the other, the last again and again."""
    left = list(words)

    async def speak(document: FakeDocument) -> None:
        await document.say("word", left.pop(0) if len(left) > 1 else left[0])

    return Ways(clicks={"#x": speak})


def test_events_come_in_order_and_every_case_ends_once() -> None:
    cases = written(SIX)
    told = ran(cases)
    assert [type(e) for e in told.events[:2]] == [RunStarted, EngineStarted]
    assert sorted(r.case.id for r in told.results) == sorted(case.id for case in cases)
    assert set(told.outcomes.values()) == {"passed"}
    started: set[str] = set()
    for event in told.events:
        if isinstance(event, CaseStarted):
            started.add(event.case.id)
        elif isinstance(event, CaseFinished):
            assert event.result.case.id in started
    assert (told.end.interrupted, told.end.defect) == (False, None)


@pytest.mark.parametrize("jobs", [1, 3])
def test_so_many_windows_work_at_once_as_are_asked_for(jobs: int) -> None:
    engine = FakeEngine()
    assert set(ran(written(SIX), engine, options=RunOptions(jobs=jobs)).outcomes.values()) == {"passed"}
    (session,) = engine.sessions
    assert len(session.slots) == jobs


@pytest.mark.parametrize(("cores", "chromium", "webkit"), [(1, 3, 2), (2, 6, 2), (4, 12, 4), (64, 12, 4), (None, 6, 2)])
def test_more_cores_take_more_windows_within_bounds(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, chromium: int, webkit: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert engine_run.default_jobs("chromium") == chromium
    assert engine_run.default_jobs("webkit") == engine_run.default_jobs("firefox") == webkit


@pytest.mark.parametrize("headed", [False, True])
def test_the_browser_is_started_as_the_options_say(headed: bool) -> None:
    engine = FakeEngine()
    ran(written(POPUP), engine, options=RunOptions(jobs=1, headed=headed, firefox_preferences={"a.b": 2}))
    launch = engine.sessions[0].launch
    assert (launch.headed, launch.firefox_preferences) == (headed, {"a.b": 2})


def test_the_engine_s_own_word_for_its_version_counts() -> None:
    (started,) = ran(written(POPUP)).of(EngineStarted)
    assert isinstance(started, EngineStarted)
    assert started.engine.version == "9.8"
    assert started.enforcement.severs is True


def test_an_engine_that_severs_nothing_makes_errors_and_no_passes() -> None:
    told = ran(written(POPUP), FakeEngine(Ways(severs=False)))
    assert told.outcomes == {"[coop=absent]": "passed", "[coop=same-origin]": "error"}
    turned = written(POPUP.replace("popup.opener: severed", "popup.opener: preserved"))
    assert ran(turned, FakeEngine(Ways(severs=False))).outcomes["[coop=same-origin]"] == "error"


def test_an_engine_that_keeps_nothing_makes_errors_too() -> None:
    assert set(ran(written(POPUP), FakeEngine(Ways(keeps=False))).outcomes.values()) == {"error"}


def test_a_control_is_flown_where_no_case_is_one() -> None:
    told = ran([case for case in written(SIX) if "same-origin" in case.id])
    assert set(told.outcomes.values()) == {"passed"}
    assert len(told.of(CaseStarted)) == 3  # controls are not told of


def test_a_skipped_case_is_told_with_its_reason_and_not_flown() -> None:
    told = ran(written(POPUP + "    skip: {chromium: no popups there}\n"))
    assert [(r.outcome, r.skipped) for r in told.results] == [("skipped", "no popups there")] * 2
    assert told.of(CaseStarted) == []


def test_repeat_runs_every_case_so_many_times() -> None:
    told = ran(written(POPUP), options=RunOptions(jobs=1, repeat=3))
    assert [r.outcome for r in told.results] == ["passed"] * 6
    (start,) = told.of(RunStarted)
    assert isinstance(start, RunStarted)
    assert start.total == {"chromium": 6}


@pytest.mark.parametrize(
    ("words", "retries", "outcome", "attempts"),
    [
        (["good"], 2, "passed", 1),
        (["bad", "good"], 2, "flaky", 2),
        (["bad", "bad", "good"], 2, "flaky", 3),
        (["bad", "good"], 0, "failed", 1),
        (["bad"], 2, "failed", 3),
    ],
)
def test_retries(words: list[str], retries: int, outcome: str, attempts: int) -> None:
    told = ran([saying("good")], FakeEngine(speaker(*words)), options=RunOptions(jobs=1, retries=retries))
    assert [(r.outcome, r.attempts) for r in told.results] == [(outcome, attempts)]


def test_the_deadline_of_the_options_replaces_that_of_the_case() -> None:
    told = ran([saying("never", timeout=600)], options=RunOptions(jobs=1, timeout_s=0.2))
    (result,) = told.results
    assert result.outcome == "failed"
    assert 0.0 < result.duration_s < 5


POPUP_OF_ONE_ENGINE = """
    title: T
    pages: {app: {}}
    flow: [open: app]
    expect: [{when: {engine: firefox}, app.url: app}]
"""


def test_a_case_that_expects_nothing_in_an_engine_is_skipped_there_and_does_not_pass() -> None:
    told = ran([only(POPUP_OF_ONE_ENGINE)], FakeEngine())
    assert [(r.outcome, r.skipped) for r in told.results] == [
        ("skipped", "the scenario expects nothing in this engine")
    ]
    assert ran([only(POPUP_OF_ONE_ENGINE)], FakeEngine(name="firefox")).results[0].outcome == "passed"


# --- a browser that is lost -------------------------------------------------------------------------------------------


def dying(engine: FakeEngine, *shows: int) -> None:
    """Let the browser die when it shows its n-th URL, counted over all its lives."""
    seen: list[str] = []

    def on_show(url: str) -> None:
        seen.append(url)
        if len(seen) in shows:
            engine.sessions[-1].die()

    engine.ways.on_show = on_show


@pytest.mark.parametrize("show", range(4, 9))
@pytest.mark.parametrize("jobs", [1, 3])
def test_no_case_is_lost_or_told_twice_when_the_browser_dies(show: int, jobs: int) -> None:
    cases = written(SIX)
    engine = FakeEngine()
    dying(engine, show)
    told = ran(cases, engine, options=RunOptions(jobs=jobs))
    assert sorted(r.case.id for r in told.results) == sorted(case.id for case in cases)
    assert set(told.outcomes.values()) == {"passed"}
    assert engine.starts == engine.closed <= 2
    assert len(told.of(EngineStarted)) == 1


def test_an_engine_that_never_starts_is_told_once_and_every_case_is_an_error() -> None:
    engine = FakeEngine(failures=[EngineError(f"no {n}\n  the log of the driver") for n in range(9)])
    told = ran(written(POPUP), engine)
    assert [e.why for e in told.events if isinstance(e, EngineFailed)] == ["no 2\n  the log of the driver"]
    assert engine.starts == 1 + engine_run.RESTARTS
    assert [(r.outcome, r.error) for r in told.results] == [("error", "the engine was lost: no 2")] * 2


def test_a_browser_that_dies_now_and_then_in_a_long_run_is_started_again_each_time() -> None:
    engine = FakeEngine()
    # Calibration shows three pages; each life gets a few cases done.
    dying(engine, *range(6, 40, 3))
    cases = written(SIX)
    told = ran(cases, engine, options=RunOptions(jobs=1))
    assert set(told.outcomes.values()) == {"passed"}
    assert engine.starts > 1 + engine_run.RESTARTS


def test_an_engine_that_dies_again_and_again_gives_an_error_for_what_is_left() -> None:
    engine = FakeEngine()
    dying(engine, *range(5, 99))
    told = ran(written(SIX), engine, options=RunOptions(jobs=1))
    assert len(told.results) == 6
    assert "error" in set(told.outcomes.values())
    assert len(told.of(EngineFailed)) == 1
    assert engine.closed == engine.starts


@pytest.mark.parametrize(("count", "starts"), [(1, 1), (2, 2)])
def test_a_case_that_costs_the_browser_when_its_windows_are_closed_has_its_verdict(count: int, starts: int) -> None:
    engine = FakeEngine(speaker("bad"))
    told = Told()

    def refuse() -> None:
        if told.of(CaseStarted) and len(told.results) < 1:
            raise EngineError("a window does not close")

    def emit(event: Event) -> None:
        told(event)
        engine.ways.on_clear = refuse

    cases = [replace(saying("good"), id=str(number)) for number in range(count)]
    run(run_cases(cases, [engine.engine], RunOptions(jobs=1), emit))
    assert [(result.case.id, result.outcome) for result in told.results] == [(str(n), "failed") for n in range(count)]
    assert engine.starts == starts
    assert told.of(EngineFailed) == []


def test_one_engine_that_fails_does_not_stop_another() -> None:
    broken = FakeEngine(name="firefox", failures=[EngineError("gone")] * 9)
    told = ran(written(POPUP), FakeEngine(), broken)
    by_engine = {(r.engine, r.outcome) for r in told.results}
    assert by_engine == {("chromium", "passed"), ("firefox", "error")}


def test_a_retry_asks_a_control_of_its_own() -> None:
    ways, told = Ways(), Told()

    def emit(event: Event) -> None:
        told(event)
        if isinstance(event, CaseStarted):
            # The first attempt's control loses its opener as well, so it proves nothing.
            ways.keeps = len(told.of(CaseStarted)) > 1

    severed = only(POPUP.replace("coop: [null, same-origin]", "coop: [same-origin]"))
    run(run_cases([severed], [FakeEngine(ways).engine], RunOptions(jobs=1, retries=1), emit))
    assert [(result.outcome, result.attempts) for result in told.results] == [("flaky", 2)]


@pytest.mark.parametrize(("cut", "outcome", "notes"), [({2}, "passed", 1), ({2, 3}, "error", 1)])
def test_a_control_that_proves_nothing_is_flown_once_more(cut: set[int], outcome: str, notes: int) -> None:
    ways, told = Ways(), Told()
    shows = itertools.count(1)

    def show(_url: str) -> None:
        # The first is the case's own, the others are those of its control.
        ways.keeps = not told.of(CaseStarted) or next(shows) not in cut

    ways.on_show = show
    severed = only(POPUP.replace("coop: [null, same-origin]", "coop: [same-origin]"))
    run(run_cases([severed], [FakeEngine(ways).engine], RunOptions(jobs=1), told))
    assert [result.outcome for result in told.results] == [outcome]
    assert list(told.end.notes) == [f"chromium: the control of {severed.id} proved nothing and was flown anew"] * notes


def test_a_case_that_is_its_own_control_is_not_held_against_a_second_flight_of_itself() -> None:
    ways, told = Ways(), Told()
    shows = itertools.count(1)

    def show(_url: str) -> None:
        ways.keeps = not told.of(CaseStarted) or next(shows) > 1

    ways.on_show = show
    plain = only("""
        title: A popup without headers
        pages: {app: {}, popup: {}}
        flow: [open: app, popup: popup]
        expect: {popup.opener: severed}
    """)
    run(run_cases([plain], [FakeEngine(ways).engine], RunOptions(jobs=1), told))
    assert [result.outcome for result in told.results] == ["error"]
    assert list(told.end.notes) == []


def test_cases_that_have_a_control_in_common_share_its_repetition() -> None:
    ways, told = Ways(), Told()
    two = POPUP.replace("coop: [null, same-origin]", "coop: [same-origin, noopener-allow-popups]")
    cases = written(two.replace("- when: {coop: same-origin}\n        ", "").replace("- popup.opener: preserved\n", ""))

    def emit(event: Event) -> None:
        told(event)
        ways.keeps = not told.of(EngineStarted)

    run(run_cases(cases, [FakeEngine(ways).engine], RunOptions(jobs=1), emit))
    assert [result.outcome for result in told.results] == ["error"] * 2
    assert len(told.end.notes) == 1


def test_a_retry_leaves_others_the_control_that_they_wait_for() -> None:
    """A case that needs no control is tried again while another waits for the control that both have in common."""
    # With a header of its own, no case shares its first document with another: they are flown in this order.
    text = POPUP.replace("popup: {host: idp}", 'popup: {host: idp, corp: "${{ corp }}", headers: {X-Own: x}}')
    text = text.replace("matrix: {", "matrix: {corp: [null, same-site], ")
    cases = {(c.params["coop"], c.params["corp"]): c for c in written(text)}
    failing = cases[None, "same-site"]
    failing = replace(failing, checks=tuple(replace(check, expected="severed") for check in failing.checks))
    order = [cases["same-origin", None], failing, cases[None, None]]
    told = ran(order, options=RunOptions(jobs=1, retries=1))
    assert list(told.outcomes.values()) == ["passed", "passed", "failed"]


# --- the end ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [EngineStarted, CaseStarted, CaseFinished])
def test_a_cancellation_closes_everything_and_tells_the_end(after: type) -> None:
    async def work() -> tuple[Told, FakeEngine]:
        told, signal, engine = Told(), Signal(), FakeEngine()

        def emit(event: object) -> None:
            told(event)  # type: ignore[arg-type]
            signal.notify()

        cases = [*written(SIX), saying("never", timeout=60)]
        task = asyncio.create_task(run_cases(cases, [engine.engine], RunOptions(jobs=2), emit))
        await signal.until(lambda: told.of(after) or None, deadline(10))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return told, engine

    told, engine = run(work())
    assert told.end.interrupted is True
    assert told.end.defect is None
    assert engine.starts == engine.closed == 1


def test_what_is_broken_in_isolab_is_a_defect_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(engine_run, "judge", broken)
    engine = FakeEngine()
    told = ran(written(POPUP), engine)
    assert "ZeroDivisionError: a slip" in (told.end.defect or "")
    assert (told.end.interrupted, told.results) == (False, [])
    assert engine.starts == engine.closed == 1


LOGIN = POPUP.replace("popup: {host", "login: {host").replace("- popup: popup", "- {popup: popup, page: login}")
"""Page names that no calibration has."""

OVER_HTTP = """
title: a page over plain http
hosts: {app: http://plain.example}
pages: {shop: {}}
flow: [{open: shop}]
expect: {shop.crossOriginIsolated: false}
"""


def test_a_case_in_which_the_engine_lost_a_page_is_flown_anew(tmp_path: Path) -> None:
    cases = [case for case in written(LOGIN) if "same-origin" in case.id]
    told = ran(cases, FakeEngine(Ways(loses=["login"])), options=RunOptions(jobs=1, timeout_s=1, artifacts=tmp_path))
    assert [(r.outcome, r.attempts) for r in told.results] == [("passed", 1)]
    (note,) = told.end.notes
    assert note == f"chromium: {cases[0].id} was flown anew: login was sent and never ran"
    assert list(tmp_path.iterdir()) == []


def test_so_is_one_whose_page_was_lost_over_plain_http() -> None:
    (case,) = written(OVER_HTTP)
    told = ran([case], FakeEngine(Ways(loses=["shop"])), options=RunOptions(jobs=1, timeout_s=1))
    assert [r.outcome for r in told.results] == ["passed"]
    (note,) = told.end.notes
    assert note == f"chromium: {case.id} was flown anew: shop was sent and never ran"


def test_a_control_in_which_the_engine_lost_a_page_is_flown_anew() -> None:
    told = ran(written(LOGIN), FakeEngine(Ways(loses=["login", "login"])), options=RunOptions(jobs=1, timeout_s=1))
    assert set(told.outcomes.values()) == {"passed"}
    assert len(told.end.notes) == 2


def test_a_page_that_never_runs_is_judged_the_second_time() -> None:
    told = ran(written(LOGIN), FakeEngine(Ways(mute=frozenset({"login"}))), options=RunOptions(jobs=1, timeout_s=1))
    assert "passed" not in told.outcomes.values()
    lost, unproven = "was sent and never ran", "proved nothing and was flown anew"
    assert [sum(why in note for note in told.end.notes) for why in (lost, unproven)] == [len(told.results), 1]


# --- artifacts --------------------------------------------------------------------------------------------------------


def test_what_fails_leaves_a_record_and_pictures_and_what_passes_nothing(tmp_path: Path) -> None:
    turned = written(POPUP.replace("popup.opener: severed", "popup.opener: preserved"))
    told = ran(turned, options=RunOptions(jobs=1, artifacts=tmp_path))
    (failed,) = [r for r in told.results if r.outcome == "failed"]
    names = ["window-0.png", "window-1.png", "record.json", "control.json"]
    assert [Path(kept).name for kept in failed.artifacts] == names
    assert all(Path(kept).is_file() for kept in failed.artifacts)
    record = json.loads(Path(failed.artifacts[names.index("record.json")]).read_text())
    assert record["windows"] == ["https://app.example/app", "https://idp.example/popup"]
    assert record["console"] == ["[log] hello"]
    assert len(list(tmp_path.iterdir())) == 1


def test_each_attempt_keeps_its_own(tmp_path: Path) -> None:
    options = RunOptions(jobs=1, artifacts=tmp_path, retries=1)
    told = ran([saying("good")], FakeEngine(speaker("bad")), options=options)
    assert len(told.results) == 1
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["chromium", "chromium-2"]


FRAMED = """
    title: A page with a frame
    pages: {app: {embed: {part: {iframe: inner}}}, inner: {}}
    flow: [open: app, click: "#x"]
    expect: {app.part: loaded, app.part.crossOriginIsolated: false}
"""


def test_a_case_in_which_the_engine_lost_a_frame_is_flown_anew_and_its_facts_are_not_waited_for() -> None:
    states = ["lost", "loaded"]

    async def tells(document: FakeDocument) -> None:
        home, urls = document.window.home, document.config["urls"]
        async with home.http.get(str(urls["inner"]), proxy=home.proxy, ssl=False) as answer:
            found = re.search(r'"doc": "(.*?)"', await answer.text())
        state = states.pop(0)
        if found and state == "loaded":
            facts = {"crossOriginIsolated": False}
            await document.tell("child", name="part", doc=found.group(1), facts=facts)
        await document.tell("embed", name="part", state=state)

    told = ran([only(FRAMED)], FakeEngine(Ways(clicks={"#x": tells})), options=RunOptions(jobs=1))
    assert list(told.outcomes.values()) == ["passed"]
    (note,) = told.end.notes
    assert note.endswith("was flown anew: app.part was sent and never ran")
    assert states == []


def test_a_frame_that_is_lost_twice_was_not_seen() -> None:
    async def tells(document: FakeDocument) -> None:
        await document.tell("embed", name="part", state="lost")

    (result,) = ran([only(FRAMED)], FakeEngine(Ways(clicks={"#x": tells}))).results
    assert (result.outcome, [check.seen for check in result.checks]) == ("failed", [False, False])


# --- controls that go on where their case does not -------------------------------------------------------------------


def _moves_on_without_opener(after_s: float) -> Ways:
    async def later(document: FakeDocument) -> None:
        async def go() -> None:
            document.window.severed = True  # window.opener = null, by the page's own script
            await document.window.navigate(str(document.config["urls"]["done"]))
            if document.window.document:
                await document.window.document.say("done")

        asyncio.get_running_loop().call_later(after_s, lambda: document.window.home.spawn(go()))

    return Ways(clicks={"#x": later})


@pytest.mark.parametrize("after_s", [0.0, 1.5])
def test_a_control_that_was_asked_before_it_came_to_the_page_of_its_case_proves_nothing(
    after_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isolab.runner.patience.WORDS_S", 0.2)
    case = only("""
        title: The popup's own script drops its opener
        hosts: {app: null, idp: cross-site}
        pages:
          app: {coop: same-origin-allow-popups}
          popup: {coop: same-origin-allow-popups, html: "<p>hi"}
          done: {coop: same-origin-allow-popups, html: "<p>done"}
        flow: [open: app, popup: popup, {click: "#x", in: popup}, {wait: popup, says: done}]
        expect: {popup.opener: severed}
    """)
    (result,) = ran([case], FakeEngine(_moves_on_without_opener(after_s))).results
    assert result.outcome == "error"
    asked_early = "it waited in vain for words, and popup had not come as far as in the case" in str(
        result.checks[0].error
    )
    assert asked_early is (after_s > 0)


def test_the_words_of_a_cut_that_never_come_leave_the_control_its_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isolab.runner.patience.WORDS_S", 0.05)
    case = only("""
        title: The popup complains of the cut
        hosts: {app: null, idp: cross-site}
        pages: {app: {coop: same-origin}, popup: {host: idp, html: "<p>hi"}}
        flow: [open: app, popup: popup, {click: "#x", in: popup}, {wait: popup, says: no-opener}]
        expect: {popup.opener: severed}
    """)

    async def complain(document: FakeDocument) -> None:
        if document.window.severed:
            await document.say("no-opener")

    assert ran([case], FakeEngine(Ways(clicks={"#x": complain}))).results[0].outcome == "passed"


def test_a_page_that_only_a_cut_brings_is_not_asked_of_the_control(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isolab.runner.patience.WORDS_S", 0.05)
    case = only("""
        title: The popup complains of the cut on a page of its own
        hosts: {app: null, idp: cross-site}
        pages: {app: {coop: same-origin}, popup: {host: idp, html: "<p>hi"}, failed: {host: idp, html: "<p>no"}}
        flow: [open: app, popup: popup, {click: "#x", in: popup}, {wait: popup, says: no-opener}]
        expect: {popup.opener: severed}
    """)

    async def complain(document: FakeDocument) -> None:
        async def go() -> None:
            await document.window.navigate(str(document.config["urls"]["failed"]))
            if document.window.document:
                await document.window.document.say("no-opener")

        if document.window.severed:
            document.window.home.spawn(go())

    assert ran([case], FakeEngine(Ways(clicks={"#x": complain}))).results[0].outcome == "passed"


def test_a_window_that_no_step_names_proves_nothing_for_another_one() -> None:
    case = only("""
        title: A popup that nobody hears
        pages: {app: {coop: same-origin}, login: {html: x}, other: {}}
        flow: [open: app, popup: login, {click: "#x", in: login}, {wait: login, says: bye}]
        expect: {login.opener: severed}
        timeout: 2
    """)

    async def goes_on(document: FakeDocument) -> None:
        window, opener = document.window, document.window.opener
        await document.say("bye")
        if not window.severed:
            await document.tell("closing")
            await window.close()
            assert opener is not None
            await opener.open(str(document.config["urls"]["other"]))

    (result,) = ran([case], FakeEngine(Ways(clicks={"#x": goes_on}, deaf=frozenset({"login"})))).results
    assert result.outcome == "error"
    assert "shows not seen and not preserved" in str(result.checks[0].error)
