from __future__ import annotations

import asyncio

import pytest
from fake_browser import FakeSlot
from fake_pages import FakeDocument, Ways
from flying import facts, flown
from written_cases import only

from isolab.engines.engine import Shown, Spot, WindowGone
from isolab.runner.control import control_case
from isolab.runner.settle import SOON_S

FLOW = """
    title: A flow that stops
    hosts: {app: null, idp: cross-site}
    pages: {app: {}, popup: {host: idp}, other: {}}
    flow:
      - open: app
      - %s
    expect: {app.url: app}
"""


@pytest.mark.parametrize(
    ("step", "ways", "message"),
    [
        ("popup: popup", Ways(mute=frozenset({"app"})), "app shows nothing that reports"),
        ("popup: popup", Ways(broken=frozenset({"app"})), "the page's script failed: TypeError: it broke"),
        ('click: "#nosuch"', Ways(), "nothing that can be seen matches #nosuch (app shows app)"),
        ("{wait: app, says: never}", Ways(), "not done in time (app shows app)"),
        ("{wait: app, page: other}", Ways(), "not done in time (app shows app)"),
        ("{wait: app, closed: true}", Ways(), "not done in time (app shows app)"),
    ],
)
def test_a_step_that_cannot_be_done_says_why_and_where(step: str, ways: Ways, message: str) -> None:
    case = only(FLOW % step)
    flight = flown(case, ways, timeout_s=1.0)
    assert flight.step_span == case.steps[1].span
    assert flight.step_span.line == 7
    assert message in (flight.step_error or "")


def test_a_page_that_the_server_did_not_have_is_told_with_its_status() -> None:
    file = FLOW.replace("app: {}", "app: {status: 404}") % 'click: "#nosuch"'
    told = flown(only(file), timeout_s=1.0).step_error
    assert "(app shows app, which https://app.example/app answered with status 404)" in str(told)


def test_a_popup_without_a_handle_cannot_be_steered() -> None:
    case = only(FLOW % "{popup: popup, features: noopener}\n      - {navigate: popup, page: other, by: opener}")
    flight = flown(case, timeout_s=1)
    assert "popup has no handle that its opener could use" in (flight.step_error or "")
    assert flight.step_span == case.steps[2].span


def test_what_was_seen_before_the_step_is_still_told() -> None:
    flight = flown(only(FLOW % "{wait: app, says: never}"), timeout_s=1.0)
    assert [(check.what, value) for check, value in flight.observed.items()] == [("app.url", "app")]


def test_a_click_that_the_page_never_got_is_made_again() -> None:
    clicks: list[str] = []

    async def opens(document: FakeDocument) -> None:
        clicks.append(document.id)
        await document.open(str(document.config["urls"]["popup"]))

    ways = Ways(clicks={"#x": opens}, drops=1)
    flight = flown(only(FLOW % '{click: "#x", opens: popup}'), ways, timeout_s=5)
    assert (flight.step_error, ways.clicked, len(clicks)) == (None, 2, 1)


def test_a_click_that_closes_its_window_may_be_told_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isolab.runner.press.ARRIVAL_S", 0.05)
    clicked: list[Spot] = []

    async def click(slot: FakeSlot, shown: Shown, spot: Spot, _timeout_s: float) -> None:
        clicked.append(spot)
        if len(clicked) > 1:
            await asyncio.Event().wait()  # a driver looks for the window until its time is up
        document = slot.home.document
        assert document is not None
        asyncio.get_running_loop().call_later(0.3, lambda: slot.spawn(document.tell("clicked")))
        raise WindowGone(shown.url)

    monkeypatch.setattr(FakeSlot, "click", click)
    flight = flown(only(FLOW % '{click: "#x"}'), Ways(clicks={"#x": _opens_another}), timeout_s=5)
    assert (flight.step_error, len(clicked)) == (None, 2)


def test_a_click_that_lands_on_something_else_is_told_at_its_step() -> None:
    async def veiled(document: FakeDocument) -> None:
        await document.tell("clicked", instead="<div id=veil>")

    case = only(FLOW % '{click: "#x"}')
    flight = flown(case, Ways(clicks={"#x": veiled}))
    assert flight.step_error == "the click landed on something else: <div id=veil>"
    assert flight.step_span == case.steps[1].span


@pytest.mark.parametrize("meant", ["one", "two"])
def test_a_step_means_its_own_window_also_where_another_shows_the_same_url(meant: str) -> None:
    async def said(document: FakeDocument) -> None:
        await document.say("clicked")

    case = only(f"""
        title: Two windows at one URL
        pages: {{app: {{}}, same: {{}}}}
        flow: [open: app, {{popup: one, page: same}}, {{popup: two, page: same}}, {{click: "#x", in: {meant}}}]
        expect: {{{meant}.says.clicked: true}}
    """)
    flight = flown(case, Ways(clicks={"#x": said}))
    assert flight.step_error is None
    assert facts(flight) == {f"{meant}.says.clicked": True}


def test_a_control_waits_only_a_while_for_words_that_may_never_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isolab.runner.patience.WORDS_S", 0.05)
    case = control_case(only(FLOW % "{wait: app, says: never}\n      - popup: popup"))
    flight = flown(case, timeout_s=5)
    assert (flight.step_error, flight.hurried) == (None, True)


def test_a_control_waits_for_words_from_when_the_page_has_come_that_may_say_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("isolab.runner.patience.WORDS_S", 0.3)

    async def opens_late(document: FakeDocument) -> None:
        home = document.window.home

        async def go() -> None:
            window = home.window(document)
            document.handles.append(window)
            await document.tell("handle", n=0, null=False, opens=1)
            await window.navigate(str(document.config["urls"]["popup"]))
            assert window.document
            await window.document.say("ready")

        asyncio.get_running_loop().call_later(1, lambda: home.spawn(go()))

    steps = '{click: "#x", opens: popup}\n      - {wait: popup, says: ready}'
    flight = flown(control_case(only(FLOW % steps)), Ways(clicks={"#x": opens_late}), timeout_s=10)
    assert (flight.step_error, flight.hurried) == (None, False)


def test_a_control_goes_on_when_the_words_have_come() -> None:
    async def later(document: FakeDocument) -> None:
        asyncio.get_running_loop().call_later(0.1, lambda: document.window.home.spawn(document.say("ready")))

    case = control_case(only(FLOW % '{click: "#x"}\n      - {wait: app, says: ready}\n      - popup: popup'))
    flight = flown(case, Ways(clicks={"#x": later}))
    reports = [(report.page, report.word) for report in flight.record.reports]
    assert reports.index(("app", "says")) < reports.index(("popup", "load"))
    assert not flight.hurried


async def _opens_another(document: FakeDocument) -> None:
    await document.open(str(document.config["urls"]["other"]))


def test_a_control_closes_a_window_also_where_it_has_opened_one_that_no_step_names() -> None:
    steps = ("popup: popup", '{click: "#x", in: app}', "{close: popup, by: self}", "{wait: popup, closed: true}")
    case = control_case(only(FLOW % "\n      - ".join(steps)))
    assert flown(case, Ways(clicks={"#x": _opens_another})).step_error is None


def test_a_popup_that_moves_on_before_it_closes_is_closed_only_then() -> None:
    async def moves_on(document: FakeDocument) -> None:
        async def go() -> None:
            await document.window.navigate(str(document.config["urls"]["other"]))
            if last := document.window.document:
                await last.say("done")
                await last.tell("closing")
                await document.window.close()

        document.window.home.spawn(go())

    steps = ("popup: popup", '{click: "#x", in: popup}', "{wait: popup, closed: true}")
    flight = flown(control_case(only(FLOW % "\n      - ".join(steps))), Ways(clicks={"#x": moves_on}))
    assert flight.step_error is None
    # The wait is over when the second page has come and gone, not as soon as the first has gone.
    assert [page for page, _ in flight.came_to["popup"]] == ["popup", "other"]


def test_what_a_control_opens_and_no_step_names_is_not_waited_for() -> None:
    limit_s = 60.0
    flight = flown(control_case(only(FLOW % 'click: "#x"')), Ways(clicks={"#x": _opens_another}), timeout_s=limit_s)
    # The ten seconds that a page may take which a window has gone to.
    assert (flight.step_error, flight.contradiction) == (None, None)
    assert flight.record.now_s() < SOON_S


FEDCM = """
    title: The browser asks
    hosts: {app: null, idp: cross-site}
    provider: {fedcm: true, clients: {spa: {redirect_uris: ["${{ url.app }}"]}}}
    pages: {app: {}}
    flow:
      - open: app
      - choose: %s
    expect: {app.url: app}
"""


def test_an_account_is_chosen_in_a_browser_that_was_told_before_its_first_page() -> None:
    # The slot of the fake browser refuses both the other way round.
    for written, account in (("alice", "alice"), ("null", None)):
        ways = Ways()
        assert flown(only(FEDCM % written), ways, timeout_s=1).step_error is None
        assert ways.chosen == [account]


def test_a_page_that_crashes_while_its_browser_is_to_ask_is_not_waited_for() -> None:
    flight = flown(only(FEDCM % "crash"), timeout_s=60)
    assert flight.step_error is not None
    assert flight.record.now_s() < SOON_S


def test_an_account_that_cannot_be_chosen_is_told_at_its_step() -> None:
    case = only(FEDCM % "nobody")
    flight = flown(case, timeout_s=1)
    assert flight.step_error == "this step was not done: the browser has not asked who signs in (app shows app)"
    assert flight.step_span == case.steps[1].span
