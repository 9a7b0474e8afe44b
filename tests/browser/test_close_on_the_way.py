"""An app that hears from its server closes the popup once the page there has run, not while it is on its way to it."""

from __future__ import annotations

import pytest
from real_runs import SELENIUM_WARNS, assert_passed, flown_in
from written_cases import only

from isolab.engines.engine import Engine

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

HOPS = 15
WAY = "\n".join(f"      hop{n}: {{redirect: hop{n + 1}}}" for n in range(1, HOPS))

CASE = only(f"""
    title: The callback page is many redirects away, and the app asks its server all the time
    hosts: {{app: , provider: cross-site}}
    provider:
      consented: true
      clients: {{spa: {{redirect_uris: ["${{{{ url.callback }}}}"]}}}}
    pages:
      app: {{signin: {{channels: {{server: {{every: 1}}}}, close: true}}}}
      login: {{endpoint: login, host: provider}}
      callback: {{redirect: hop1}}
{WAY}
      hop{HOPS}: {{redirect: end}}
      end: {{}}
    flow:
      - open: app
      - {{click: "#sign-in", opens: popup, loads: login}}
      - {{click: "#sign-in", in: popup, loads: end}}
      - {{wait: popup, closed: true}}
      - {{wait: app, says: signed-in}}
    expect:
      app.says.signed-in: alice
      popup.closed: true
      popup.open: false
      popup.url: end
""")


def test_the_app_closes_the_window_when_the_page_there_has_run(engine: Engine) -> None:
    told = flown_in(engine, [CASE])
    (result,) = told.results
    assert_passed(result)
