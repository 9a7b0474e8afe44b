"""A click on a page that is still loading: the scripts that come later are what makes it do something."""

from __future__ import annotations

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import only

from isolab.scenario.case import ENGINE_NAMES, EngineName

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

LATE = """
    title: A button before its script
    hosts: {app: , ads: cross-site}
    pages:
      app:
        html: |
          <button id="sign-in">Sign in</button>
          <iframe src="${{ url.ad }}"></iframe>
          <script>
            addEventListener('load', () => {
              document.querySelector('#sign-in').onclick = () => isolab.say('clicked', true);
            });
          </script>
      ad: {host: ads, html: "<p>An advertisement"}
    flow: [open: app, click: "#sign-in", {wait: app, says: clicked}]
    expect: {app.says.clicked: true}
    timeout: 20
"""


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_a_click_waits_for_the_scripts_of_its_page(name: EngineName) -> None:
    results = flown_in(engine_named(name), [only(LATE)] * 3).results
    assert [(result.error, result.outcome) for result in results] == [(None, "passed")] * 3
