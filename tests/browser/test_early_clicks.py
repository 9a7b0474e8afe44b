"""A click on a page that is still loading: the scripts that come later are what makes it do something."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import only

from isolab.lab.document import Served
from isolab.lab.server import Lab
from isolab.lab.stage import Stage
from isolab.scenario.case import ENGINE_NAMES, EngineName, Page

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


PAGE_S, FRAME_S = 3.5, 1.0
"""How long the answers take: that of the page longer than a click hesitates."""


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_also_where_the_page_itself_was_long_on_its_way(name: EngineName, monkeypatch: pytest.MonkeyPatch) -> None:
    respond = Lab._respond

    async def later(
        self: Lab, stage: Stage, request: web.BaseRequest, served: Served, page: Page | None
    ) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        passed = loop.create_future()
        loop.call_later({"app": PAGE_S, "ad": FRAME_S}.get(served.page or "", 0), passed.set_result, None)
        await passed
        return await respond(self, stage, request, served, page)

    monkeypatch.setattr(Lab, "_respond", later)
    (result,) = flown_in(engine_named(name), [only(LATE)]).results
    assert (result.error, result.outcome) == (None, "passed")
