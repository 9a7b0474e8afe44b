from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from written_cases import only, run

from isolab.lab.document import Document, Served
from isolab.lab.record import Record
from isolab.runner import arrival
from isolab.runner.arrival import arrive_or_end
from isolab.runner.named_window import NamedWindow
from isolab.runner.windows import Windows
from isolab.scenario.case import Case
from isolab.waiting import Deadline

PLAIN = only("""
    title: Popups
    pages: {app: {}, login: {}, help: {}}
    flow: [open: app, popup: login, popup: help]
    expect: {login.opener: preserved}
""")
CUT = only("""
    title: Popups
    pages: {app: {}, login: {coop: same-origin}, help: {}}
    flow: [open: app, popup: login, popup: help]
    expect: {login.opener: severed}
""")


@dataclass
class Driver:
    """A driver's word: how many windows it lists, and how many it has ever learnt of."""

    listed: int
    met: int

    def knows_of(self, count: int) -> bool:
        return self.met >= count


@dataclass
class Flight:
    """As much of a flight as an arrival asks: app shows, and both popups are on their way with closed handles."""

    case: Case
    slot: Driver
    deadline: Deadline
    record: Record = field(default_factory=Record)

    def __post_init__(self) -> None:
        self.windows = Windows(self.case, self.record)
        app = self.windows.add(NamedWindow("app"))
        self.windows.adopt(app, self.served("app", loaded=True))
        for number, name in enumerate(("login", "help"), 1):
            opened = {"opener": "app", "opened_in": app.documents[0], "handle": number, "expecting": [name]}
            self.windows.add(NamedWindow(name, **opened))  # type: ignore[arg-type]
        app.documents[0].handles[1] = {"closed": True}
        self.served("login", loaded=False)

    def served(self, page: str, *, loaded: bool) -> Document:
        served = Served(0.0, "GET", f"https://app.example/{page}", page, 200, (), ())
        document = Document(f"g1-{page}", page, served.url, served, loaded=loaded, top=loaded or None)
        self.record.documents[document.id] = document
        return document

    async def handle(self, window: NamedWindow) -> None:
        assert window.handle is not None

    def to_close(self, window: NamedWindow) -> bool:
        return window.name == "nobody"

    async def driver_windows(self) -> list[int]:
        return list(range(self.slot.listed))


def _ends(case: Case, driver: Driver, *, left_s: float, before: Callable[[Flight], None] = lambda _: None) -> bool:
    async def work() -> bool:
        with Deadline(left_s) as deadline:
            flight = Flight(case, driver, deadline)
            before(flight)
            await arrive_or_end(flight, flight.windows["login"])  # type: ignore[arg-type]
            return flight.windows["login"].closed

    return run(work())


@pytest.mark.parametrize("case", [PLAIN, CUT])
def test_a_window_that_the_driver_has_known_and_lists_no_more_has_ended(case: Case) -> None:
    assert _ends(case, Driver(listed=2, met=3), left_s=60)


def test_a_driver_that_has_not_learnt_of_another_popup_yet_does_not_end_this_one() -> None:
    # app and one popup, whichever it is: the list may lag behind by the other.
    assert not _ends(CUT, Driver(listed=3, met=2), left_s=0.2)


def test_a_window_that_is_listed_has_not_ended_although_its_handle_reads_closed() -> None:
    assert not _ends(CUT, Driver(listed=3, met=3), left_s=0.2)


def _never_asked_for(flight: Flight) -> None:
    flight.record.documents.clear()


def _asked_for_a_hop(flight: Flight) -> None:
    flight.record.documents.clear()
    asked = (("Sec-Fetch-Dest", "document"),)
    flight.record.serve(Served(0.0, "GET", "https://app.example/login", "login", 302, (), asked))


def test_a_window_that_is_closed_before_its_page_is_asked_for_has_ended() -> None:
    assert _ends(CUT, Driver(listed=2, met=3), left_s=60, before=_never_asked_for)
    assert not _ends(CUT, Driver(listed=2, met=3), left_s=0.2, before=_asked_for_a_hop)


@pytest.mark.parametrize("told", ["left", "closing"])
def test_another_window_whose_page_closes_it_is_not_missed(told: str) -> None:
    def closes(flight: Flight) -> None:
        (window := flight.windows["help"]).expecting.clear()
        flight.windows.adopt(window, flight.served("help", loaded=True))
        setattr(window.documents[0], told, True)

    assert not _ends(CUT, Driver(listed=2, met=3), left_s=0.2, before=closes)
    assert _ends(CUT, Driver(listed=1, met=3), left_s=60, before=closes)


def test_a_driver_that_never_learns_of_a_window_is_believed_in_the_end() -> None:
    assert _ends(PLAIN, Driver(listed=2, met=2), left_s=0.2)


def test_a_page_that_comes_is_not_waited_for_any_more() -> None:
    run(_a_page_comes())


async def _a_page_comes() -> None:
    with Deadline(60) as deadline:
        flight = Flight(CUT, Driver(listed=1, met=1), deadline)
        arrived = flight.record.documents["g1-login"]
        arrived.loaded = arrived.top = True
        await arrive_or_end(flight, flight.windows["login"])  # type: ignore[arg-type]
        assert flight.windows["login"].current is arrived


def test_a_page_that_comes_and_closes_its_window_while_the_driver_is_asked_has_come() -> None:
    run(_a_page_comes_and_closes())


async def _a_page_comes_and_closes() -> None:
    with Deadline(60) as deadline:
        flight = Flight(CUT, Driver(listed=3, met=3), deadline)
        arrived, login = flight.record.documents["g1-login"], flight.windows["login"]

        async def driver_windows() -> list[int]:
            arrived.loaded = arrived.top = arrived.closing = True
            return [1, 2]

        flight.driver_windows = driver_windows  # type: ignore[method-assign]
        await arrive_or_end(flight, login)  # type: ignore[arg-type]
        assert (login.current, login.closed) == (arrived, False)


def _greeted(flight: Flight) -> None:
    flight.record.documents["g1-app"].heard["g1-login"] = 1


def test_the_report_of_a_page_that_has_greeted_the_opener_that_closed_it_is_waited_for() -> None:
    # WebKit: the opener had the answer and closed the popup 130 ms before the popup's own first report came.
    run(_the_report_comes_late())


async def _the_report_comes_late() -> None:
    with Deadline(60) as deadline:
        flight = Flight(CUT, Driver(listed=2, met=3), deadline)
        late, login = flight.record.documents["g1-login"], flight.windows["login"]
        looks = itertools.count()

        def knows_of(count: int) -> bool:
            late.loaded = late.top = late.left = next(looks) > 0
            return True

        _greeted(flight)
        flight.slot.knows_of = knows_of  # type: ignore[method-assign]
        await arrive_or_end(flight, login)  # type: ignore[arg-type]
        assert (login.current, login.closed) == (late, False)


def test_a_page_that_has_greeted_its_opener_and_never_reports_holds_nobody_up_for_ever() -> None:
    assert _ends(CUT, Driver(listed=2, met=3), left_s=0.2, before=_greeted)


def test_a_report_that_is_lost_with_its_page_is_not_waited_for_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    # Firefox: the opener closed the popup before its report was sent. Without a bound this would outlast the test.
    monkeypatch.setattr(arrival, "REPORTS_S", 0.2)
    assert _ends(CUT, Driver(listed=2, met=3), left_s=1000, before=_greeted)
