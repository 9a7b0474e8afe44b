from __future__ import annotations

import pytest
from fake_pages import FakeDocument, Ways
from flying import facts, flown
from written_cases import POPUP, only, written

from isolab.runner import cross_examine
from isolab.runner.control import control_case

FLOW = """
    title: A flow
    hosts: {app: null, idp: cross-site}
    pages: {app: {}, popup: {host: idp}, other: {host: idp}}
    flow: [open: app, %s]
    expect: {app.url: app}
"""


def test_of_what_a_quiet_page_opens_nobody_is_told() -> None:
    case = only("""
        title: T
        pages: {app: {quiet: true}, popup: {}}
        flow: [open: app, popup: popup]
        expect: {popup.url: popup}
    """)
    flight = flown(case, Ways(lies=2))
    assert (flight.contradiction, facts(flight)) == (None, {"popup.url": "popup"})


@pytest.mark.parametrize("lies", [1, 3])
def test_a_driver_that_lists_more_windows_contradicts_the_pages(lies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_examine, "AGREE_S", 0.1)
    flight = flown(written(POPUP)[0], Ways(lies=lies), timeout_s=1.0)
    assert flight.contradiction is not None
    assert f"by the driver's list the number of open windows is {2 + lies}" in flight.contradiction
    assert "by the pages it is 2 (app, popup)" in flight.contradiction


@pytest.mark.parametrize("announced", [True, False])
def test_a_window_gone_without_farewell_contradicts_the_pages_unless_it_asked_to_be_closed(
    announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def vanish(document: FakeDocument) -> None:
        if announced:
            await document.tell("closing")
        document.gone = document.window.closed = True

    monkeypatch.setattr(cross_examine, "AGREE_S", 0.1)
    case = only(FLOW % 'popup: popup, {click: "#x", in: popup}')
    flight = flown(case, Ways(clicks={"#x": vanish}), timeout_s=10.0)
    assert bool(flight.contradiction) is not announced


def test_a_window_that_no_step_names_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    async def secretly(document: FakeDocument) -> None:
        await document.open(str(document.config["urls"]["other"]))

    monkeypatch.setattr(cross_examine, "AGREE_S", 0.1)
    case = only(FLOW % 'click: "#x"')
    flight = flown(case, Ways(clicks={"#x": secretly}), timeout_s=1.0)
    assert "page other shows in a window that no step names" in (flight.contradiction or "")
    control = flown(control_case(case), Ways(clicks={"#x": secretly}), timeout_s=5.0)
    assert control.contradiction is None


def test_what_was_loaded_without_asking_came_from_somewhere_else() -> None:
    case = only("""
    title: A picture out of a cache
    pages: {app: {embed: {picture: {image: pixel}}}, pixel: {fixture: image}}
    flow: [open: app, click: "#x"]
    expect: {app.picture: loaded}
    """)

    async def claims(document: FakeDocument) -> None:
        await document.tell("embed", name="picture", state="loaded")

    flight = flown(case, Ways(clicks={"#x": claims}))
    assert "nobody asked the server" in (flight.contradiction or "")
