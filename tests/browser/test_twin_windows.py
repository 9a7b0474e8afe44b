"""Windows that show the same URL: what a person does in one of them happens in that one."""

from __future__ import annotations

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, assert_passed, flown_in
from written_cases import written

from isolab.scenario.case import ENGINE_NAMES, EngineName

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

TWINS = """
    title: Two popups at one URL
    hosts: {app: , idp: cross-site}
    pages:
      app: {}
      other: {}
      same:
        host: idp
        html: |
          <script>let clicks = 0</script>
          <button onclick="isolab.say('clicks', clicks += 1)">x</button>
    flow:
      - open: app
      - {popup: one, page: same}
      - {popup: two, page: same}
      - {click: button, in: ONE}
      - {click: button, in: TWO}
      - {navigate: ONE, page: other, by: address-bar}
      - {wait: ONE, page: other}
      - {popup: three, page: same}
      - close: TWO
      - {click: button, in: three}
    expect:
      one.says.clicks: 1
      two.says.clicks: 1
      three.says.clicks: 1
      ONE.url: other
      ONE.open: true
      TWO.open: false
      three.open: true
    timeout: 20
"""
OPENER = """
    title: A popup at its opener's URL
    pages:
      app:
        html: |
          <script>const who = self.opener ? 'popup' : 'opener'; let clicks = 0</script>
          <button onclick="isolab.say('clicks', who + (clicks += 1))">x</button>
    flow:
      - open: app
      - {popup: popup, page: app}
      - {click: button, in: app}
      - {click: button, in: popup}
      - close: app
      - {click: button, in: popup}
    expect: {app.says.clicks: opener1, popup.says.clicks: popup2, app.open: false, popup.open: true}
    timeout: 20
"""


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_the_window_that_is_meant_is_clicked_sent_elsewhere_and_closed(name: EngineName) -> None:
    cases = [
        *written(TWINS.replace("ONE", "one").replace("TWO", "two"), "older.yaml"),
        *written(TWINS.replace("ONE", "two").replace("TWO", "one"), "newer.yaml"),
        *written(OPENER, "opener.yaml"),
    ]
    told = flown_in(engine_named(name), cases)
    for result in told.results:
        assert_passed(result)
    assert len(told.results) == 3
