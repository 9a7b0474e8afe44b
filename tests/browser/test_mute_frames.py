"""A frame that says nothing is doubted, with a frame of isolab's beside it: nobody else may count that one."""

from __future__ import annotations

import pytest
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import written

from isolab.engines.engine import Engine
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


def test_the_frame_is_counted_once(engine: Engine) -> None:
    told = flown_in(engine, MANY, RunOptions())
    assert [result.checks[0].observed for result in told.results] == [1] * len(MANY)
