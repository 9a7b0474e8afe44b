"""A connection that breaks though both ends are well costs nothing of what a page has told or asks."""

from __future__ import annotations

import pytest
from aiohttp import web
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import written

from isolab.engines.engine import Engine
from isolab.lab.server import Lab
from isolab.lab.stage import Stage

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

ASKS = """
title: It asks the server
hosts: {app: , idp: cross-site}
timeout: 20
pages:
  app:
    html: |
      <script>
        isolab.say('before', true);
        isolab.requests('app').then(asked => asked.length, String).then(asked => isolab.say('asked', asked));
      </script>
  framing: {embed: {mute: {iframe: mute}}}
  mute: {host: idp, headers: {Content-Security-Policy: sandbox}}
flow: [open: app, popup: framing]
expect: {app.says.before: true, app.says.asked: 1, framing.mute: blocked}
"""
# A browser may ask again by itself, once.
BREAKS = 3


def test_what_is_asked_is_asked_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: list[str] = []
    answer = Lab._answer

    async def breaks(self: Lab, stage: Stage, request: web.BaseRequest, asked: dict[str, object]) -> web.StreamResponse:
        hold = asked.get("hold")
        question = next(iter(hold)) if isinstance(hold, dict) else ""
        if question and broken.count(question) < BREAKS and request.transport:
            broken.append(question)
            request.transport.abort()
        return await answer(self, stage, request, asked)

    monkeypatch.setattr(Lab, "_answer", breaks)
    told = flown_in(engine, written(ASKS))
    (result,) = told.results
    assert {check.check.what: check.observed for check in result.checks} == {
        "app.says.before": True,
        "app.says.asked": 1,
        "framing.mute": "blocked",
    }
    assert {question: broken.count(question) for question in broken} == {"requests": BREAKS, "served": BREAKS}
