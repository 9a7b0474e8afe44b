from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from flying import flown
from hypothesis import given
from hypothesis import strategies as st
from written_cases import POPUP, written

from isolab.engines.engine import EngineError, Window
from isolab.runner.artifacts import folder_of, photograph, write_record
from isolab.runner.result import CaseResult, CheckResult

ROOT = Path("kept")


@given(st.text(max_size=400))
def test_the_folder_is_always_inside_and_its_name_one_that_every_system_takes(case_id: str) -> None:
    folder = folder_of(ROOT, case_id, "chromium", 1)
    assert folder.parent.parent == ROOT
    name = folder.parent.name
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*\0\n')


@pytest.mark.parametrize(
    ("one", "other"), [("a" * 200 + "1", "a" * 200 + "2"), ("a/b", "a b"), ("", "/"), ("a[x=1]", "a_x=1")]
)
def test_two_cases_never_share_a_folder(one: str, other: str) -> None:
    assert folder_of(ROOT, one, "webkit", 1) != folder_of(ROOT, other, "webkit", 1)


def test_the_name_says_which_case_engine_and_attempt() -> None:
    folder = folder_of(ROOT, "signin/popup[app.coop=same-origin]", "firefox", 2)
    assert folder.name == "firefox-2"
    assert folder.parent.name.startswith("signin_popup_app_coop=same-origin-")


class OneMute:
    async def windows(self) -> list[Window]:
        return [Window("a", "https://a.example/"), Window("b", "https://b.example/")]

    async def screenshot(self, handle: str) -> bytes:
        if handle == "b":
            raise EngineError("it crashed")
        return b"PNG"


def test_a_window_that_cannot_be_pictured_is_told_of(tmp_path: Path) -> None:
    kept = asyncio.run(photograph(OneMute(), tmp_path / "deep" / "er"))  # type: ignore[arg-type]
    assert [Path(one).name for one in kept] == ["window-0.png", "window-1.txt"]
    assert Path(kept[1]).read_text() == "no picture of https://b.example/: it crashed\n"


def test_the_record_has_all_that_was_seen(tmp_path: Path) -> None:
    case = written(POPUP)[1]
    flight = flown(case)
    flight.record.refuse("cdn.example")
    check = CheckResult(case.checks[0], "severed", "severed", ok=True, reason="it says so")
    result = CaseResult(case, "chromium", "failed", 0.1, (check,), error="no")
    told = json.loads(Path(write_record(result, flight, {"windows": ["w"], "console": ["c"]}, tmp_path)).read_text())
    assert (told["case"], told["engine"], told["outcome"], told["error"]) == (case.id, "chromium", "failed", "no")
    assert told["params"] == {"coop": "same-origin"}
    assert told["checks"][0]["what"] == "popup.opener"
    assert told["checks"][0]["reason"] == "it says so"
    assert [request["url"] for request in told["requests"]] == ["https://app.example/app", "https://idp.example/popup"]
    assert ["Cross-Origin-Opener-Policy", "same-origin"] in told["requests"][0]["headers"]
    assert {report["word"] for report in told["reports"]} >= {"load", "handle", "done"}
    assert {document["page"] for document in told["documents"]} == {"app", "popup"}
    assert (told["windows"], told["console"], told["refused hosts"]) == (["w"], ["c"], ["cdn.example"])
