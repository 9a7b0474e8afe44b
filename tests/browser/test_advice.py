"""Advice that real browsers give: the fake ones of the fast tests only do as the standard says."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from advised import CALLBACK, LIBRARY
from real_runs import command

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]


def advised(folder: Path, text: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer for tools."""
    (folder / "flow.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    target = folder / "answer.json"
    code = command("advise", str(folder / "flow.yaml"), "-e", "chromium", "--json", str(target), *arguments)
    return code, json.loads(target.read_text(encoding="utf-8"))


def test_the_strictest_headers_with_which_a_popup_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = advised(tmp_path, CALLBACK, "-w", "strictest-popup", "-f", "headers")
    assert code == 0
    assert [page["headers"]["Cross-Origin-Opener-Policy"] for page in told["best"]] == [
        "same-origin-allow-popups",
        None,
    ]
    works = {json.dumps(c["stances"]["app"]["coop"]): c["fulfilled"] for c in told["combinations"]}
    assert works == {
        '"same-origin"': False,
        '"same-origin-allow-popups"': True,
        '"noopener-allow-popups"': True,
        "null": True,
    }
    cut = next(c for c in told["combinations"] if not c["fulfilled"])["engines"]["chromium"]["cut"]
    assert (cut["url"], cut["header"]) == ("https://idp.example/login", "")
    assert "/app\n  Cross-Origin-Opener-Policy: same-origin-allow-popups" in capsys.readouterr().out


@pytest.mark.parametrize("text", [CALLBACK, LIBRARY], ids=["fixtures", "mechanisms"])
def test_an_isolated_page_signs_in_another_way(tmp_path: Path, text: str) -> None:
    code, told = advised(tmp_path, text, "-f", "none")
    assert code == 1
    assert told["best"] is None
    assert [(way["name"], way["works"]) for way in told["other_ways"]] == [
        ("broadcast-channel", True),
        ("redirect", True),
        ("own-page", True),
    ]
    assert all(not verdict["cut"] for way in told["other_ways"] for verdict in way["engines"].values())
