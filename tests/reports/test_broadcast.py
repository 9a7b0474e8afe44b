from __future__ import annotations

from report_runs import a_case, passed, run_of

from isolab.reports.broadcast import Broadcast
from isolab.reports.tally import Tally
from isolab.runner.events import Event


class _Crashing:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, event: Event) -> None:
        self.calls += 1
        raise ZeroDivisionError("in a report")


def test_a_crashing_listener_stops_neither_the_run_nor_the_others() -> None:
    tally, crashing, heard = Tally(), _Crashing(), list[Event]()
    events = run_of([passed(a_case())])

    def hear(event: Event) -> None:
        heard.append(event)

    broadcast = Broadcast(tally, [crashing, hear])
    for event in events:
        broadcast(event)
    assert heard == events
    assert crashing.calls == 1
    assert tally.exit_code() == 4
    assert "ZeroDivisionError: in a report" in tally.defects[0]


def test_the_tally_hears_an_event_before_the_listeners() -> None:
    tally, seen = Tally(), list[int]()

    def count(event: Event) -> None:
        seen.append(len(tally.results))

    broadcast = Broadcast(tally, [count])
    for event in run_of([passed(a_case())]):
        broadcast(event)
    assert seen == [0, 0, 0, 0, 1, 1]
