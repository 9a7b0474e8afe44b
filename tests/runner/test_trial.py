from __future__ import annotations

import asyncio
import json
import re
import time

import pytest
from fake_pages import FakeDocument, FakeWindow, Ways, closes_later
from flying import facts, flown
from written_cases import POPUP, only, written

from isolab.runner import observe
from isolab.runner.observe import UNSEEN

FLOW = """
    title: A flow
    hosts: {app: null, idp: cross-site}
    pages:
      app: {}
      popup: {host: idp}
      same: {headers: {Cross-Origin-Opener-Policy: same-origin}}
      other: {host: idp}
      away: {redirect: other}
      gone: {status: 204, html: ""}
    flow:
      - open: app
%s
    expect: {%s}
    timeout: 2
"""


def flow(steps: str, expect: str, ways: Ways | None = None, timeout_s: float = 2.0) -> dict[str, observe.Observation]:
    flight = flown(only(FLOW % (_indented(steps), expect)), ways, timeout_s)
    assert flight.step_error is None, flight.step_error
    assert flight.contradiction is None, flight.contradiction
    return facts(flight)


def _indented(steps: str) -> str:
    return "\n".join(f"      - {step}" for step in steps.split("; "))


def test_a_popup_without_headers_is_preserved_and_with_them_severed() -> None:
    plain, severed = written(POPUP)
    assert facts(flown(plain)) == {"popup.opener": "preserved"}
    assert facts(flown(severed)) == {"popup.opener": "severed"}


@pytest.mark.parametrize(
    ("steps", "expect", "seen"),
    [
        ("popup: popup", "popup.opener: preserved, popup.closed: false", ["preserved", False]),
        ("{popup: popup, page: same}", "popup.opener: severed, popup.closed: true", ["severed", True]),
        ("{popup: popup, features: noopener}", "popup.opener: noopener", ["noopener"]),
        ("{popup: popup, by: link, rel: opener}", "popup.opener: preserved", ["preserved"]),
        ("{popup: popup, page: away}", "popup.url: other, popup.opener: preserved", ["other", "preserved"]),
        ("{navigate: app, page: other}", "app.url: other", ["other"]),
        ("{navigate: app, page: other, by: address-bar}", "app.url: other", ["other"]),
        ("popup: popup; {navigate: popup, page: other, by: opener}", "popup.url: other", ["other"]),
        ("popup: popup; {navigate: popup, page: same}", "popup.opener: severed", ["severed"]),
        ("popup: popup; close: popup", "popup.open: false, app.open: true", [False, True]),
        ("popup: popup; {close: popup, by: self}", "popup.open: false", [False]),
        ("popup: popup; {close: popup, by: self}", "popup.closed: true", [True]),
        (
            "popup: popup; {wait: popup, page: popup}; {navigate: app, page: other}",
            "popup.opener: preserved",
            ["preserved"],
        ),
        (
            "popup: popup; {close: popup, by: opener}",
            "popup.opener: preserved, popup.open: false",
            ["preserved", False],
        ),
        ("popup: popup; {close: popup, by: self}; {wait: popup, closed: true}", "popup.open: false", [False]),
        ("open: {second}", "second.url: other", ["other"]),
        ("popup: popup; {popup: second, page: other}; {close: second, by: self}", "popup.open: true", [True]),
        (
            (
                "popup: popup; {popup: second, page: other}; {close: second, by: self}; {close: popup, by: self}; "
                "{wait: popup, closed: true}"
            ),
            "popup.open: false, second.open: false",
            [False, False],
        ),
    ],
)
def test_flows(steps: str, expect: str, seen: list[object]) -> None:
    steps = steps.replace("open: {second}", "{open: second, page: other}")
    assert list(flow(steps, expect).values()) == seen


def test_a_window_reused_by_name_is_one_window_under_two_names() -> None:
    steps = "{popup: popup, target: w}; {popup: second, page: other, target: w}"
    seen = flow(steps, "popup.url: other, second.url: other, second.opener: preserved, second.open: true")
    assert list(seen.values()) == ["other", "other", "preserved", True]


def test_a_window_is_reused_by_name_only_after_its_first_page_is_there() -> None:
    # Firefox loses a navigation that begins while the window is still on its way to the first one.
    steps = _indented("{popup: popup, target: w}; {popup: second, page: other, target: w}")
    flight = flown(only(FLOW % (steps, "second.url: other")))
    loaded = [report.page for report in flight.record.reports if report.word == "load"]
    assert loaded == ["app", "popup", "other"]


def test_a_click_that_opens_and_a_click_that_closes_its_own_window() -> None:
    async def sign_in(document: FakeDocument) -> None:
        await document.open(str(document.config["urls"]["popup"]), "signin")
        await document.say("popup", "handle")

    async def approve(document: FakeDocument) -> None:
        await document.say("delivered")
        await document.window.close()

    ways = Ways(clicks={"#in": sign_in, "#ok": approve})
    steps = '{click: "#in", opens: popup}; {click: "#ok", in: popup}'
    expect = "app.says.popup: handle, app.says.signed-in: null, popup.says.delivered: true, popup.open: false"
    assert list(flow(steps, expect, ways).values()) == ["handle", True, None, False]


async def _closes_itself(document: FakeDocument) -> None:
    await document.tell("closing")
    await document.window.close()


@pytest.mark.parametrize(("asked", "is_open"), [("popup", True), ("second", False)])
def test_a_window_that_closes_by_itself_hides_no_other(asked: str, is_open: bool) -> None:
    steps = 'popup: popup; {popup: second, page: other}; {click: "#x", in: second}'
    told = flow(steps, f"{asked}.open: {is_open}", Ways(clicks={"#x": _closes_itself}))
    assert told == {f"{asked}.open": is_open}


def test_a_window_that_is_waited_for_is_not_closed_because_another_one_is() -> None:
    leaving: list[FakeWindow] = []
    closed: list[bool] = []

    async def leave(document: FakeDocument) -> None:
        leaving.append(document.window)
        await document.leave()
        asyncio.get_running_loop().call_later(0.3, lambda: document.window.home.spawn(document.window.close()))

    async def look(_document: FakeDocument) -> None:
        closed.append(leaving[0].closed)

    clicks = ('{click: "#x", in: second}', '{click: "#y", in: popup}', "{wait: popup, closed: true}", 'click: "#z"')
    steps = "; ".join(("popup: popup", "{popup: second, page: other}", *clicks))
    flow(steps, "popup.open: false", Ways(clicks={"#x": _closes_itself, "#y": leave, "#z": look}))
    assert closed == [True]


def test_a_wait_for_words_and_for_a_page() -> None:
    async def go_on(document: FakeDocument) -> None:
        await document.say("ready", 7)
        await document._do_go({"url": document.config["urls"]["other"]})

    ways = Ways(clicks={"#go": go_on})
    steps = '{click: "#go"}; {wait: app, says: ready}; {wait: app, page: other}'
    assert list(flow(steps, "app.says.ready: 7, app.url: other", ways).values()) == [7, "other"]


@pytest.mark.parametrize(
    ("steps", "cut"),
    [
        ("{popup: popup, page: same}", "https://app.example/same"),
        ("popup: popup; {wait: popup, page: popup}; {navigate: popup, page: same}", "https://app.example/same"),
        ("popup: popup", None),
        ("{popup: popup, page: same, features: noopener}", None),
        ("{popup: popup, page: same, by: link, rel: opener}", None),
    ],
)
def test_what_cut_a_link_is_told_though_only_what_came_of_it_is_asked_for(steps: str, cut: str | None) -> None:
    found = flown(only(FLOW % (_indented(steps), "app.says.signed-in: null"))).cuts
    assert {name: each.url for name, each in found.items()} == ({"popup": cut} if cut else {})


def test_a_check_of_the_link_itself_is_what_tells_of_its_cut() -> None:
    steps = _indented("{popup: popup, page: same}")
    assert not flown(only(FLOW % (steps, "popup.opener: severed"))).cuts


# --- nothing is concluded from silence ---------------------------------------------------------------------------


def test_a_mute_popup_is_not_seen_and_neither_severed_nor_preserved() -> None:
    began = time.monotonic()
    flight = flown(written(POPUP)[1], Ways(mute=frozenset({"popup"})), timeout_s=1.0)
    assert time.monotonic() - began >= 0.4
    assert facts(flight) == {"popup.opener": "not-loaded"}  # served, and its document never spoke


def test_a_link_that_nobody_hears_over_is_not_seen_although_the_page_says_that_it_has_an_opener() -> None:
    flight = flown(written(POPUP)[0], Ways(deaf=frozenset({"popup"})), timeout_s=1.0)
    assert facts(flight) == {"popup.opener": UNSEEN}


def test_a_window_that_never_loads_is_not_said_to_be_open_or_closed() -> None:
    case = only(FLOW % ("      - popup: popup", "popup.open: true, popup.opener: preserved"))
    assert facts(flown(case, Ways(mute=frozenset({"popup"})), timeout_s=1.0))["popup.open"] is UNSEEN


def test_a_window_that_the_driver_lists_late_is_not_said_to_be_closed() -> None:
    case = only(FLOW % ("      - popup: popup", "popup.open: true"))
    assert facts(flown(case, Ways(lies=-1), timeout_s=1.0)) == {"popup.open": UNSEEN}


def test_a_window_whose_page_ends_without_an_answer_while_it_is_asked_is_closed() -> None:
    # Firefox: its process takes the question along.
    ways = Ways(dying={"popup": "sync"})
    found = flow("popup: popup; {close: popup, by: opener}", "popup.closed: true, popup.open: false", ways)
    assert found == {"popup.closed": True, "popup.open": False}


def test_the_first_document_is_offered_to_the_next_case_only_while_it_shows() -> None:
    first = flown(written(POPUP)[0]).first
    assert first is not None
    assert first.page == "app"
    assert flown(only(FLOW % ("      - {navigate: app, page: other}", "app.url: other"))).first is not first


CLOSES = """
    title: A popup that closes itself
    hosts: {app: null, idp: cross-site}
    pages: {app: {}, popup: {host: idp}}
    flow: [open: app, popup: popup, {close: popup, by: self}]
    expect: {popup.open: false}
"""


@pytest.mark.parametrize(("lag", "seen"), [(0, False), (5, False), (10**6, UNSEEN)])
def test_a_window_is_closed_only_if_the_driver_ever_knew_it(lag: int, seen: object) -> None:
    flight = flown(only(CLOSES), Ways(lag=lag), timeout_s=1)
    assert facts(flight) == {"popup.open": seen}


def test_a_page_that_has_said_something_else_may_say_more() -> None:
    async def speak(document: FakeDocument) -> None:
        await document.say("state", "begun")
        document.window.home.spawn(document.say("state", "done"))

    seen = flow('{click: "#x"}; {wait: app, says: state}', "app.says.state: done", Ways(clicks={"#x": speak}))
    assert seen == {"app.says.state": "done"}


def test_a_crash_ends_the_case_at_once() -> None:
    async def crash(document: FakeDocument) -> None:
        assert document.window.home.crash is not None
        document.window.home.crash(document.window.url)

    case = only(FLOW % (_indented('{click: "#x"}; {wait: app, says: never}'), "app.says.never: true"))
    # Unnoticed, it would wait for longer than a test may take.
    flight = flown(case, Ways(clicks={"#x": crash}), 400)
    assert flight.record.crashed() == "the page's renderer crashed: https://app.example/app"
    assert str(flight.step_error).startswith("this step was not done")


@pytest.mark.parametrize(
    ("close", "verdict"), [("{close: popup, by: opener}", "at last"), ("{wait: popup, page: popup}", "at first")]
)
def test_a_word_is_the_last_only_once_a_window_has_had_the_time_to_close(
    monkeypatch: pytest.MonkeyPatch, close: str, verdict: str
) -> None:
    monkeypatch.setattr(observe, "MORE_S", 0.01)

    async def judges(document: FakeDocument) -> None:
        await document.say("verdict", "at first")
        home = document.window.home
        asyncio.get_running_loop().call_later(1, lambda: home.spawn(document.say("verdict", "at last")))

    steps = f'popup: popup; click: "#x"; {close}'
    told = flow(steps, "app.says.verdict: at last", Ways(clicks={"#x": judges}), timeout_s=10)
    assert told["app.says.verdict"] == verdict


async def _opens_popup(document: FakeDocument) -> None:
    await document.open(str(document.config["urls"]["popup"]))


CLOSED_LATER = '{click: "#x", opens: popup}; {wait: popup, page: popup}; click: "#y"'


def test_how_a_window_ended_is_asked_once_all_that_was_to_be_said_is() -> None:
    expect = "popup.ending: closed-by-opener, app.says.signed-in: true"
    told = flow(CLOSED_LATER, expect, Ways(clicks={"#x": _opens_popup, "#y": closes_later}), timeout_s=5)
    assert told == {"popup.ending": "closed-by-opener", "app.says.signed-in": True}


async def _opens_and_closes(document: FakeDocument) -> None:
    await document.open(str(document.config["urls"]["popup"]))
    await document.handles[0].close()


@pytest.mark.parametrize(("fact", "value"), [("opener", "preserved"), ("closed", True)])
def test_a_window_that_never_shows_its_page_may_be_listed_for_longer_than_lists_lag_behind(
    fact: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isolab.runner.arrival.AGREE_S", 0.1)
    ways = Ways(clicks={"#x": _opens_and_closes}, mute=frozenset({"popup"}), lingers=100)
    steps = _indented('{click: "#x", opens: popup}')
    plain = re.sub(r"\n.*same: .*", "", FLOW) % (steps, f"popup.{fact}: {json.dumps(value)}")
    assert (facts(flown(only(plain), ways, timeout_s=10)), ways.lingers) == ({f"popup.{fact}": value}, 0)


def test_the_silence_of_a_page_that_never_ran_says_nothing() -> None:
    told = flown(
        only(FLOW % (_indented("popup: popup"), "popup.says.error: null, app.says.error: null")),
        Ways(mute=frozenset({"popup"})),
        timeout_s=2,
    )
    assert facts(told) == {"popup.says.error": UNSEEN, "app.says.error": None}
