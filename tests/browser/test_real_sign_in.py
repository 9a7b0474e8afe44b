"""Popup sign-in through a real Django and a real Express with Helmet, as they come and mended, in real engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from flying import Told
from real_frameworks import framework
from real_runs import SELENIUM_WARNS, flown_in

from isolab.engines.engine import Engine
from isolab.scenario.load import load_scenarios

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

# Helmet's own Content-Security-Policy would silence the probe, so the pages have another, as the manual says.
SCENARIO = """
title: Sign-in through a real server
timeout: 60
hosts: {app: {upstream: "${{ env.REAL_FRAMEWORK }}"}, idp: cross-site}
provider:
  clients: {app: {redirect_uris: ["${{ url.callback }}"]}}
pages:
  app:
    host: app
    path: /${{ setting }}/app
    headers: {Content-Security-Policy: "default-src 'self'; script-src 'self' 'nonce-isolab'"}
  callback:
    host: app
    path: /${{ setting }}/callback
    headers: {Content-Security-Policy: "default-src 'self'; script-src 'self' 'nonce-isolab'"}
  login: {endpoint: login}
matrix: {setting: [default, mended]}
flow:
  - open: app
  - {click: "#sign-in", opens: popup, loads: login}
  - {click: "#sign-in", in: popup, loads: consent}
  - {click: "#allow", in: popup, loads: callback}
expect:
  - popup.opener: severed
    popup.url: callback
    popup.says.error: TypeError
    app.says.signed-in: null
  - when: {setting: mended}
    popup.opener: preserved
    popup.says.error: null
    app.says.signed-in: alice
"""


def _ran(name: str, engine: Engine, folder: Path, patch: pytest.MonkeyPatch) -> Told:
    path = folder / "real.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    with framework(name) as address:
        patch.setenv("REAL_FRAMEWORK", address)
        return flown_in(engine, load_scenarios([path]))


@pytest.mark.parametrize(("name", "who"), [("django", "Django"), ("helmet", "Helmet")])
def test_the_default_breaks_popup_sign_in_and_the_mended_setting_does_not(
    name: str, who: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _ran(name, engine, tmp_path, monkeypatch)
    broken, mended = sorted(told.results, key=lambda result: result.case.id)
    assert [(broken.outcome, broken.error), (mended.outcome, mended.error)] == [("passed", None)] * 2
    assert broken.cut is not None
    assert (broken.cut.url.partition("?")[0], broken.cut.from_policy, broken.cut.to_policy) == (
        "https://idp.example/authorize",
        "same-origin",
        "unsafe-none",
    )
    assert [setter for setter in broken.cut.usually_set_by if who in setter]
    assert mended.cut is None
