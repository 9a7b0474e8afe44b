from __future__ import annotations

import pytest
from fake_pages import FakeDocument, Ways
from flying import flown
from written_cases import only

from isolab.runner import cross_examine
from isolab.runner.trial import Flown

CLICK = '{click: "#x", opens: popup}'


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross_examine, "AGREE_S", 0.1)


async def nothing(document: FakeDocument) -> None:
    await document.tell("error", message="ReferenceError: w is not defined")


async def download(document: FakeDocument) -> None:
    """Chromium shows no window for a link to a response that is no page."""
    home = document.window.home
    asked = {"Sec-Fetch-Dest": "document"}
    async with home.http.get(str(document.config["urls"]["popup"]), headers=asked, proxy=home.proxy, ssl=False):
        return


async def covered(document: FakeDocument) -> None:
    await document.tell("clicked", instead="<div id=banner>")


def flight(step: str, ways: Ways, expect: str = "popup.opener: preserved", popup: str = "") -> Flown:
    text = f"""
    title: A step that is to open a window
    hosts: {{app: null, idp: cross-site}}
    pages: {{app: {{}}, popup: {{host: idp{popup}}}}}
    flow: [open: app, {step}]
    expect: {{{expect}}}
    """
    return flown(only(text), ways, timeout_s=1.0)


@pytest.mark.parametrize("expect", ["popup.opener: preserved", "app.url: app"])
def test_a_click_that_opens_no_window_is_named_with_what_went_wrong_in_the_page(expect: str) -> None:
    seen = flight(CLICK, Ways(clicks={"#x": nothing}), expect)
    assert seen.step_error == "no window is open after this click, and its page was never asked for"
    assert seen.step_span == seen.case.steps[1].span
    assert seen.contradiction is None
    assert seen.record.script_errors() == "a page's own script failed: app: ReferenceError: w is not defined"


def test_a_click_that_leads_to_no_page_says_what_was_answered() -> None:
    seen = flight(CLICK, Ways(clicks={"#x": download}), popup=', status: 204, html: ""')
    answered = "although popup was asked for and answered with status 204"
    assert seen.step_error == f"no window is open after this click, {answered}"


def test_a_driver_that_lists_too_few_windows_is_no_step_s_fault_where_the_window_has_reported() -> None:
    seen = flight("popup: popup", Ways(lies=-1))
    assert seen.step_error is None
    assert "by the driver's list the number of open windows is 1" in (seen.contradiction or "")


def test_a_page_that_cannot_report_in_a_window_that_is_open_is_no_step_s_fault() -> None:
    async def opens(document: FakeDocument) -> None:
        await document.open(str(document.config["urls"]["popup"]))

    seen = flight(CLICK, Ways(clicks={"#x": opens}, mute=frozenset({"popup"})))
    assert (seen.step_error, seen.contradiction) == (None, None)


def test_a_click_that_hit_something_else_is_named_before_what_it_did_not_open() -> None:
    seen = flight(CLICK, Ways(clicks={"#x": covered}))
    assert seen.step_error == "the click landed on something else: <div id=banner>"
