from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import load_text

from isolab.policy.coop import COOP
from isolab.scenario.case import Page
from isolab.scenario.frameworks import DECIDING, Framework, frameworks

ALL = list(frameworks().values())


@pytest.mark.parametrize("framework", ALL, ids=[framework.name for framework in ALL])
def test_a_framework_says_what_it_is_and_sends_nothing_but_what_decides(framework: Framework) -> None:
    assert framework.title
    assert framework.how
    assert framework.version[0].isdigit()
    assert {name.lower() for name in framework.headers} <= DECIDING
    assert framework.headers


def page(folder: Path, keys: str) -> Page:
    text = f"title: T\npages:\n  app: {{{keys}}}\nflow: [open: app]\nexpect: {{app.url: app}}\n"
    return load_text(folder, text)[0].pages["app"]


def test_a_page_sends_what_the_framework_does(tmp_path: Path) -> None:
    assert dict(page(tmp_path, "framework: helmet").headers) == frameworks()["helmet"].headers


def test_what_the_page_says_itself_counts_more(tmp_path: Path) -> None:
    others = {name: value for name, value in frameworks()["django"].headers.items() if name != COOP}
    assert dict(page(tmp_path, "framework: django, coop: null").headers) == others
    assert dict(page(tmp_path, "framework: django, headers: {cross-origin-OPENER-policy: unsafe-none}").headers) == {
        "cross-origin-OPENER-policy": "unsafe-none",
        **others,
    }


def test_none_is_none(tmp_path: Path) -> None:
    assert page(tmp_path, "framework: null").headers == ()
