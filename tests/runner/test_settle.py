from __future__ import annotations

import pytest
from fake_pages import FakeDocument, Ways, closes_later
from flying import facts, flown
from written_cases import only

from isolab.runner import settle
from isolab.runner.observe import UNSEEN
from isolab.scenario.case import Case


def _case(pages: str, flow: str, expect: str) -> Case:
    return only(f"""
    title: Pages that act
    hosts: {{app: null, idp: cross-site}}
    pages: {pages}
    flow: {flow}
    expect: {expect}
    """)


def test_a_page_that_moves_on_is_judged_by_the_page_that_it_comes_to() -> None:
    async def moves(document: FakeDocument) -> None:
        document.window.home.spawn(document.window.navigate(str(document.config["urls"]["next"])))

    case = _case('{app: {html: "<p>x"}, next: {html: "<p>y"}}', '[open: app, click: "#x"]', "{app.url: next}")
    assert facts(flown(case, Ways(clicks={"#x": moves}))) == {"app.url": "next"}


def test_nothing_is_concluded_from_the_silence_of_a_page_that_has_not_loaded() -> None:
    async def opens(document: FakeDocument) -> None:
        await document.open(str(document.config["urls"]["popup"]))

    pages = '{app: {html: "<p>x"}, popup: {host: idp, html: "<p>y"}}'
    case = _case(pages, '[open: app, {click: "#x", opens: popup}]', "{app.says.word: null, popup.opener: preserved}")
    flight = flown(case, Ways(clicks={"#x": opens}))
    assert facts(flight) == {"app.says.word": None, "popup.opener": "preserved"}
    reports = [(report.page, report.word) for report in flight.record.reports]
    answered = max(n for n, told in enumerate(reports) if told == ("app", "done"))
    assert reports.index(("popup", "load")) < answered


def test_a_page_that_is_replaced_while_it_is_asked_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    # Firefox: what it was told is lost with it, and so are its last words.
    monkeypatch.setattr(settle, "SOON_S", 0.5)
    case = _case('{app: {html: "<p>x"}, next: {html: "<p>y"}}', "[open: app]", "{app.url: next}")
    assert facts(flown(case, Ways(abrupt=frozenset({"app"})))) == {"app.url": "next"}


async def _opens(document: FakeDocument) -> None:
    await document.open(str(document.config["urls"]["popup"]))


async def _shuts(document: FakeDocument) -> None:
    await document.handles[0].close()


def _popup_case(expect: str, *steps: str) -> Case:
    """A popup that a click opens; what is expected of `closed` is asked of the opener in the end, which needs time."""
    flow = ["open: app", '{click: "#x", opens: popup}', "{wait: popup, page: popup}", *steps]
    pages = '{app: {html: "<p>x"}, popup: {host: idp, html: "<p>y"}, next: {host: idp, html: "<p>z"}}'
    return _case(pages, f"[{', '.join(flow)}]", expect)


def test_a_page_that_never_comes_does_not_hold_the_rest_up_until_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "SOON_S", 0.2)

    async def moves(document: FakeDocument) -> None:
        document.window.home.spawn(document.window.navigate(str(document.config["urls"]["next"])))

    case = _popup_case("{popup.url: popup, popup.closed: false}", '{click: "#y", in: popup}')
    flight = flown(case, Ways(clicks={"#x": _opens, "#y": moves}, mute=frozenset({"next"})), timeout_s=3)
    assert facts(flight) == {"popup.url": "popup", "popup.closed": False}


def test_a_popup_that_its_opener_closes_without_a_word_does_not_hold_the_case_up_until_its_time_is_over() -> None:
    case = _popup_case("{popup.opener: preserved, popup.closed: true}", 'click: "#y"')
    flight = flown(case, Ways(clicks={"#x": _opens, "#y": _shuts}), timeout_s=1)
    assert facts(flight) == {"popup.opener": "preserved", "popup.closed": True}


CLOSED = {"popup.opener": "preserved", "popup.closed": True, "popup.ending": "closed-by-opener"}
CLOSED_WRITTEN = "{popup.opener: preserved, popup.closed: true, popup.ending: closed-by-opener}"


def test_a_popup_that_its_opener_closes_before_it_is_heard_was_within_its_reach() -> None:
    ways = Ways(clicks={"#x": _opens, "#y": _shuts}, deaf=frozenset({"popup"}))
    assert facts(flown(_popup_case(CLOSED_WRITTEN, 'click: "#y"'), ways, timeout_s=2)) == CLOSED


def test_but_not_one_that_ended_on_its_way_to_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "SOON_S", 0.2)

    async def goes_and_ends(document: FakeDocument) -> None:
        await document.window.navigate(str(document.config["urls"]["next"]))
        await document.window.close()

    ways = Ways(clicks={"#x": _opens, "#y": goes_and_ends}, deaf=frozenset({"popup"}), mute=frozenset({"next"}))
    flight = flown(_popup_case("{popup.opener: preserved}", '{click: "#y", in: popup}'), ways, timeout_s=1)
    assert facts(flight) == {"popup.opener": UNSEEN}


def test_a_popup_that_ends_as_it_is_asked_whether_it_has_settled_does_not_hold_the_case_up_either() -> None:
    # Closed by its opener between two requests, a page has none that would break off.
    ways = Ways(clicks={"#x": _opens}, dying={"popup": "settle"})
    assert facts(flown(_popup_case(CLOSED_WRITTEN), ways, timeout_s=1)) == CLOSED


def test_a_window_whose_handle_reads_closed_is_on_its_way_out_although_its_page_has_answered() -> None:
    # The driver lists it for a while.
    ways = Ways(clicks={"#x": _opens, "#y": closes_later}, lingers=6)
    case = _popup_case("{app.says.signed-in: true, popup.open: false}", 'click: "#y"')
    assert facts(flown(case, ways, timeout_s=5)) == {"app.says.signed-in": True, "popup.open": False}
    assert ways.lingers == 0
