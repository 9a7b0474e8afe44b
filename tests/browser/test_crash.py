"""A page's process that ends under it, in real Chromium: only the case in which it happens may notice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import psutil
import pytest
from real_runs import children, flown_in
from started_processes import words
from written_cases import POPUP, written

from isolab.engines.engine import Engine, Launch
from isolab.engines.playwright_slot import PlaywrightSlot
from isolab.lab.server import open_lab
from isolab.runner.options import RunOptions

pytestmark = [pytest.mark.browser]

DOOMED = """
title: It crashes
pages: {doomed: {}}
flow: [open: doomed, {wait: doomed, says: never}]
expect: {doomed.says.never: true}
timeout: 400
"""
"""Were the crash not noticed, the case would go on for longer than a test may take in all."""


def test_the_cases_after_a_crash_go_on_in_the_same_slot(
    chromium: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, show, crashed = children(), PlaywrightSlot.show, []

    async def crash(slot: PlaywrightSlot, url: str) -> None:
        await show(slot, url)
        if url.endswith("/doomed"):
            crashed.append(url)
            for renderer in _renderers(before):
                renderer.kill()

    monkeypatch.setattr(PlaywrightSlot, "show", crash)
    cases = [*written(POPUP), *written(DOOMED, "crash.yaml"), *written(POPUP.replace("[null,", "[unsafe-none,"))]
    told = flown_in(chromium, cases, RunOptions(jobs=1, artifacts=tmp_path))
    by_id = {result.case.id: result for result in told.results}
    doomed = by_id.pop("crash")
    assert len(crashed) == 1
    assert doomed.outcome == "error"
    assert str(doomed.error).startswith("the page's renderer crashed: https://app.example/doomed")
    record = json.loads(Path(doomed.artifacts[-1]).read_text())
    assert "[crash] the page's renderer crashed: https://app.example/doomed" in record["console"]
    assert {result.outcome for result in by_id.values()} == {"passed"}


REPORTS = """
title: Reports come
pages:
  app:
    headers:
      Content-Security-Policy-Report-Only: img-src 'none'; report-to own
      Reporting-Endpoints: own="${{ report.own }}"
    html: |
      <script>
        new Image().src = '/nothing';
        isolab.reports('own', 1).then(({ length }) => isolab.say('reports', length));
      </script>
flow: [open: app, {wait: app, says: reports}]
expect: {app.says.reports: 1}
timeout: 40
"""


def test_reports_come_also_after_the_slot_s_first_page_has_crashed(
    chromium: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, show = children(), PlaywrightSlot.show

    async def crash(slot: PlaywrightSlot, url: str) -> None:
        await show(slot, url)
        if url.endswith("/doomed"):
            for renderer in _renderers(before):
                renderer.kill()

    monkeypatch.setattr(PlaywrightSlot, "show", crash)
    cases = [*written(DOOMED, "crash.yaml"), *written(REPORTS, "reports.yaml")]
    told = flown_in(chromium, cases, RunOptions(jobs=1))
    assert {result.case.id: result.outcome for result in told.results} == {"crash": "error", "reports": "passed"}


def test_a_slot_whose_renderers_are_all_killed_is_of_use_again(chromium: Engine) -> None:
    before = children()

    async def whole() -> None:
        async with open_lab() as lab, chromium.start(Launch(lab.port, lab.authority.spki)) as session:
            slot = await session.slot()
            assert isinstance(slot, PlaywrightSlot)
            await slot.open("about:blank")
            crashes = [slot._context.pages[n].wait_for_event("crash", timeout=20_000) for n in range(2)]
            for renderer in _renderers(before):
                renderer.kill()
            await asyncio.gather(*crashes)
            assert slot.console() == ("[crash] the page's renderer crashed: about:blank",) * 2
            await slot.clear()
            await slot.show("about:blank#next")
            assert [window.url for window in await slot.windows()] == ["about:blank#next"]
            assert slot.console() == ()
            assert await session.alive()

    asyncio.run(whole())
    assert children() <= before


def _renderers(before: set[psutil.Process]) -> list[psutil.Process]:
    """The processes of pages among those that this test has started."""
    return [child for child in children() - before if "--type=renderer" in words(child)]
