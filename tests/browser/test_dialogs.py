"""Pages that want an answer from somebody: nobody is there, and every engine's page must go on all the same."""

from __future__ import annotations

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, assert_passed, flown_in
from written_cases import only

from isolab.scenario.case import ENGINE_NAMES, EngineName

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

DIALOGS = only("""
    title: Dialogs of every kind, on a click, while a page loads, and later by a timer, in two windows
    pages:
      app:
        html: |
          <button onclick="
            alert('on a click');
            isolab.say('alerted');
            isolab.say('confirmed', confirm('sure?'));
            isolab.say('prompted', String(prompt('your name?', 'nobody')));
            window.open(isolab.urls.popup);
            setTimeout(() => { alert('behind the popup'); isolab.say('later'); }, 300)
          ">x</button>
      popup:
        html: |
          <script>
            alert('while loading');
            isolab.say('loaded');
            setTimeout(() => { isolab.say('later', confirm('later?')); }, 300);
          </script>
          <button onclick="isolab.say('clicked')">x</button>
    flow:
      - open: app
      - {click: button, opens: popup}
      - {wait: app, says: later}
      - {wait: popup, says: later}
      - {click: button, in: popup}
      - close: popup
    expect:
      app.says.alerted: true
      app.says.confirmed: false
      app.says.prompted: "null"
      popup.says.loaded: true
      popup.says.later: false
      popup.says.clicked: true
      popup.opener: preserved
      app.open: true
    timeout: 15
""")


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_dialogs_are_dismissed_and_their_pages_go_on(name: EngineName) -> None:
    told = flown_in(engine_named(name), [DIALOGS, DIALOGS])
    for result in told.results:
        assert_passed(result)
        assert result.duration_s < 10
