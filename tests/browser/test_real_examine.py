from __future__ import annotations

import asyncio
import textwrap
from pathlib import Path

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, children, command, flown_in
from written_cases import POPUP, written

from isolab.engines.engine import Engine
from isolab.runner.events import Enforcement, EngineStarted
from isolab.runner.examine import examine
from isolab.runner.options import RunOptions

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

PREFERENCE = "browser.tabs.remote.useCrossOriginOpenerPolicy"


def test_every_engine_keeps_severs_and_isolates(engine: Engine) -> None:
    before = children()
    ((_, found),) = asyncio.run(examine([engine]))
    assert isinstance(found, Enforcement), found
    assert (found.keeps_opener, found.severs, found.isolates) == (True, True, True)
    assert children() <= before


def test_a_firefox_that_enforces_no_coop_is_found_out(firefox: Engine) -> None:
    told = flown_in(firefox, written(POPUP), RunOptions(firefox_preferences={PREFERENCE: False}))
    (started,) = told.of(EngineStarted)
    assert isinstance(started, EngineStarted)
    assert started.enforcement.severs is False
    assert told.outcomes["[coop=same-origin]"] == "error"
    assert told.outcomes["[coop=absent]"] == "passed"


def test_and_the_command_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_named("firefox")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "popup.yaml").write_text(textwrap.dedent(POPUP))
    assert command("run", "popup.yaml", "-e", "firefox", "--firefox-pref", f"{PREFERENCE}=false") == 1
    out = capsys.readouterr().out
    assert "does not enforce COOP" in out
    assert "popup.opener could not be judged" in out
