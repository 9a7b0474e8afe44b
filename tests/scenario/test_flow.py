from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from scenario_loading import codes, load_text, sample
from written_cases import only

from isolab.scenario.case import Click, Close, Navigate, Open, Popup, Span, Wait


def test_steps_with_their_defaults() -> None:
    case = sample("popup")[0]
    first, second, third = case.steps
    assert first == Open("app", "app", Span(24, 5, 14))
    assert isinstance(second, Popup)
    assert (second.opener, second.page, second.by) == ("app", "login", "window.open")
    assert (second.target, second.features, second.rel) == ("_blank", "width=400", "")
    assert isinstance(third, Wait)
    assert (third.page, third.says, third.closed) == (None, "sent", False)


def test_every_step() -> None:
    [case] = sample("flow")
    _, _, popup, click, again, navigate, by_opener, wait, close, closed, last = case.steps
    assert isinstance(popup, Popup)
    assert (popup.opener, popup.by, popup.target, popup.rel) == ("second", "link", "named", "opener")
    assert isinstance(click, Click)
    assert (click.window, click.selector, click.opens, click.loads) == ("app", "#go", "login", "login")
    assert isinstance(again, Click)
    assert (again.window, again.opens, again.loads) == ("login", None, "help")
    assert isinstance(navigate, Navigate)
    assert navigate.by == "replace"
    assert isinstance(by_opener, Navigate)
    assert by_opener.by == "opener"
    assert isinstance(wait, Wait)
    assert wait.page == "help"
    assert isinstance(close, Close)
    assert close.by == "opener"
    assert isinstance(closed, Wait)
    assert closed.closed is True
    assert isinstance(last, Close)
    assert last.by == "user"


FRAMED = """
    title: t
    pages: {app: {embed: {ad: {iframe: ad}}}, ad: {embed: {inner: {iframe: inner}}}, inner: {}, popup: {}}
    flow:
      - open: app
      - {click: "#a", in: app.ad, opens: popup}
      - {click: "#b", in: app.ad.inner}
      - {wait: app.ad, says: done}
    expect: {popup.opener: preserved, app.ad.says.done: true}
"""


def test_a_step_may_be_in_a_frame() -> None:
    _, first, second, third = only(FRAMED).steps
    assert isinstance(first, Click)
    assert (first.window, first.frame, first.opens, first.loads) == ("app", ("ad",), "popup", "popup")
    assert isinstance(second, Click)
    assert (second.window, second.frame, second.opens) == ("app", ("ad", "inner"), None)
    assert isinstance(third, Wait)
    assert (third.window, third.frame, third.says) == ("app", ("ad",), "done")


@pytest.mark.parametrize(
    ("step", "other", "code"),
    [
        ('{click: "#b", in: app.ad.inner}', '{click: "#b", in: app.ad.moon}', "unknown-frame"),
        ('{click: "#b", in: app.ad.inner}', '{click: "#b", in: moon.ad}', "not-open"),
        ('{click: "#b", in: app.ad.inner}', '{click: "#b", in: app.ad, loads: inner}', "frame-loads"),
        ("{wait: app.ad, says: done}", "{wait: app.ad, page: inner}", "frame-wait"),
        ("{wait: app.ad, says: done}", "{wait: app.ad, closed: true}", "frame-wait"),
        ("{wait: app.ad, says: done}", "{wait: app.moon, says: done}", "unknown-frame"),
    ],
)
def test_what_a_step_in_a_frame_cannot_be(tmp_path: Path, step: str, other: str, code: str) -> None:
    assert codes(tmp_path, textwrap.dedent(FRAMED).replace(step, other)) == [code]


def test_redirects_that_come_to_an_end_are_no_loop(tmp_path: Path) -> None:
    pages = "{app: {redirect: hop}, hop: {redirect: '${{ to }}'}, end: {html: hi}, aside: {redirect: aside}}"
    text = f"title: t\npages: {pages}\nmatrix: {{to: [end, %s]}}\nflow: [{{open: app}}]\nexpect: {{app.open: true}}\n"
    assert len(load_text(tmp_path, text.replace(", %s", ""))) == 1
    assert codes(tmp_path, text % "app") == ["redirect-loop"]
