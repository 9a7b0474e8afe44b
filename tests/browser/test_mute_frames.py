"""A frame that says nothing is doubted, with a frame of isolab's beside it: nobody else may count that one."""

from __future__ import annotations

import pytest
from aiohttp import web
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import only, written

from isolab.engines.engine import Engine
from isolab.lab import witness
from isolab.runner.options import RunOptions

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

# Firefox counted both now and then, where another process looked: every seventh time.
MANY = written("""
    title: A popup with a frame in which no script runs
    hosts: {app: , other: cross-site}
    pages:
      app: {}
      popup: {host: other, embed: {frame: {iframe: mute}}}
      mute: {host: other, headers: {Content-Security-Policy: sandbox}}
    matrix: {n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}
    flow: [open: app, {popup: popup, target: "t${{ n }}"}]
    expect: {popup.length: 1}
""")


SHUT = only("""
    title: A frame in which no script runs
    pages: {app: {embed: {frame: {iframe: mute}}}, mute: {headers: {Content-Security-Policy: sandbox}}}
    flow: [open: app]
    expect: {app.frame: blocked}
    timeout: 60
""")


def test_where_a_witness_is_lost_another_one_is_called(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    answer = witness.answer

    def lost_first() -> web.Response:
        called.append("witness")
        return answer() if len(called) > 1 else web.Response(content_type="text/html", text="never speaks")

    monkeypatch.setattr(witness, "answer", lost_first)
    (result,) = flown_in(engine, [SHUT], RunOptions()).results
    assert (result.checks[0].observed, len(called) > 1) == ("blocked", True)


def test_the_frame_is_counted_once(engine: Engine) -> None:
    told = flown_in(engine, MANY, RunOptions())
    assert [result.checks[0].observed for result in told.results] == [1] * len(MANY)
