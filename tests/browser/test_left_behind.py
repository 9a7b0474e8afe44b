"""What a case leaves behind does not reach the next one in the same slot, in every engine that is here."""

from __future__ import annotations

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import only

from isolab.runner.options import RunOptions
from isolab.scenario.case import ENGINE_NAMES, EngineName

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

LEAVES = only("""
    title: A case that goes wrong, sets a cookie for every host below its own, and opens a window when it is over
    hosts: {app: https://app.example}
    pages:
      app:
        html: |
          <script>
            document.cookie = 'left=behind; domain=app.example; path=/; secure';
            isolab.say('cookie', document.cookie);
            setTimeout(() => open('${{ url.late }}'), 3100);
          </script>
      late: {host: app}
    flow: [open: app, {click: "#nothing"}]
    expect: {app.says.cookie: left=behind}
    timeout: 3
""")
FINDS = only("""
    title: A case that would find it
    hosts: {app: https://app.example, idp: cross-site}
    pages:
      app: {html: "<script>isolab.say('cookie', document.cookie)</script><button id=go>go</button>
            <script>go.onclick = () => setTimeout(() => isolab.say('later'), 1500)</script>"}
      popup: {host: idp}
    flow: [open: app, popup: popup, {click: "#go"}, {wait: app, says: later}]
    expect: {app.says.cookie: "", popup.opener: preserved, popup.open: true}
""")


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_neither_cookies_nor_windows_of_a_case_reach_the_next(engine: EngineName) -> None:
    told = flown_in(engine_named(engine), [LEAVES, FINDS], RunOptions(jobs=1))
    # By their names: a case that is flown anew comes to its end later.
    leaves, finds = (next(r for r in told.results if r.case == case) for case in (LEAVES, FINDS))
    assert (leaves.outcome, leaves.checks[0].observed) == ("failed", "left=behind")
    assert finds.outcome == "passed", ([(c.check.what, c.observed, c.error) for c in finds.checks], finds.error)
