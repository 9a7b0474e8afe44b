"""What a page has said before a step takes it away arrives, also where a connection takes its time."""

from __future__ import annotations

import asyncio
import textwrap
from collections import Counter

import pytest
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import written

from isolab.engines.engine import Engine
from isolab.lab.door import Door
from isolab.runner.moment import Moment

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

STEPS = {
    "click": "{click: button, in: talker, loads: away}",
    "navigate": "{navigate: talker, page: away}",
    "address-bar": "{navigate: talker, page: away, by: address-bar}",
    "close": "{close: talker}",
}
SLOW_S = 2.0


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection to the talker's host but the first takes its time."""
    met: Counter[str] = Counter()
    upgrade = Door._upgrade

    async def later(self: Door, *arguments: object) -> None:
        task = asyncio.current_task()
        assert task is not None
        host = task.get_name()
        met[host] += 1
        if "idp" in host and met[host] > 1:
            loop = asyncio.get_running_loop()
            passed = loop.create_future()
            loop.call_later(SLOW_S, passed.set_result, None)
            await passed
        await upgrade(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Door, "_upgrade", later)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_what_was_said_before_a_step_arrives(engine: Engine, step: str) -> None:
    cases = written(
        textwrap.dedent("""
            title: last words
            timeout: 12
            hosts: {app: null, idp: cross-site}
            pages:
              talker:
                host: idp
                html: >
                  <button onclick="location.href = '${{ url.away }}'">Go</button>
                  <script>setTimeout(() => isolab.say('late'))</script>
              other: {}
              away: {coop: same-origin}
            flow: [open: talker, open: other, STEP]
            expect: {talker.says.late: true, talker.SHOWS}
        """)
        .replace("STEP", step)
        .replace("SHOWS", "open: false" if step == STEPS["close"] else "url: away")
    )
    (result,) = flown_in(engine, cases).results
    assert result.outcome == "passed", ([check.observed for check in result.checks], result.error)
    # Its farewell may say it as well, most times: that comes after.
    said = next(moment["at_s"] for moment in result.timeline if moment.get("name") == "late")
    assert said < next(moment["at_s"] for moment in result.timeline if _ends(moment))


def _ends(moment: Moment) -> bool:
    """Whether it takes the page away."""
    return moment["kind"] == "closed" or moment.get("url", "").endswith("/away")
