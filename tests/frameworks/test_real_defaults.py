"""What the catalogue takes for the defaults of Django and Helmet is what real ones send."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version

import pytest
from real_frameworks import EXPRESS, framework, sent

from isolab.explain.setters import usual_setters
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.resources import resource
from isolab.scenario.frameworks import DECIDING, frameworks
from isolab.scenario.load import load_scenarios

APP, IDP = Origin("https", "app.example"), Origin("https", "idp.example")
VERSIONS = {
    "django": version("django"),
    "helmet": json.loads((EXPRESS / "package-lock.json").read_text(encoding="utf-8"))["packages"][
        "node_modules/helmet"
    ]["version"],
}


@pytest.mark.parametrize("name", sorted(frameworks()))
def test_a_real_server_sends_by_default_what_is_written_down(name: str) -> None:
    with framework(name) as address:
        real = sent(f"{address}/default/app")
    known = frameworks()[name]
    assert {key: value for key, value in real.items() if key in DECIDING} == {
        key.lower(): value for key, value in known.headers.items()
    }
    assert known.version == VERSIONS[name]


@pytest.mark.parametrize(("name", "who"), [("django", "Django"), ("helmet", "Helmet")])
def test_what_it_really_sends_cuts_a_popup_and_names_the_framework(name: str, who: str) -> None:
    with framework(name) as address:
        headers = tuple(sent(f"{address}/default/app").items())
    cut = opener_fate(Document(Hop("https://app.example/", APP, 200, headers)), [Navigation((Hop("x", IDP),))]).cut
    assert cut is not None
    assert [setter.who for setter in usual_setters(cut, APP) if who in setter.who]


def test_the_catalogues_framework_cases_send_exactly_that() -> None:
    cases = load_scenarios([resource("scenarios") / "breakage" / "framework-default.yaml"])
    assert {case.params["framework"] for case in cases} == set(frameworks())
    for case in cases:
        wanted = frameworks()[str(case.params["framework"])].headers
        assert [dict(case.pages[name].headers) for name in ("app", "callback")] == [wanted, wanted]


def test_without_npm_express_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match="npm is not here"), framework("helmet"):
        pytest.fail("it cannot have been started")
