from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from advised import CALLBACK, by_the_rules
from command_line import CommandLine, FakeRun

from isolab.advise.formats.registry import FORMATS
from isolab.advise.wish import WISHES
from isolab.bootstrap import ROOT
from isolab.engines.engine import Engine, EngineError
from isolab.runner.events import (
    CaseFinished,
    Enforcement,
    EngineFailed,
    EngineStarted,
    Listener,
    RunFinished,
    RunStarted,
)
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult, EngineInfo
from isolab.scenario.case import Case, EngineName

COOP = "Cross-Origin-Opener-Policy"
LINKED = "app: same-origin-allow-popups, callback: none"


@dataclass
class RunByTheRules(FakeRun):
    """Engines that do as the standard says, but for those that are `dead` or `lost`, or `skip` everything."""

    dead: Sequence[EngineName] = ()
    lost: Sequence[EngineName] = ()
    skip: Sequence[EngineName] = ()
    runs: list[list[str]] = field(default_factory=list)

    async def __call__(
        self, cases: Sequence[Case], engines: Sequence[Engine], options: RunOptions, emit: Listener
    ) -> None:
        """Tell of a run."""
        self.options = options
        self.runs.append([case.id for case in cases])
        infos = tuple(EngineInfo(one.name, one.version, one.driver, one.executable) for one in engines)
        emit(RunStarted(datetime(2026, 11, 22, tzinfo=UTC), infos, {info.name: len(cases) for info in infos}))
        for info in infos:
            if info.name in self.lost:
                emit(EngineFailed(info, "it does not start"))
                for case in cases:
                    emit(CaseFinished(CaseResult(case, info.name, "error", 0.0, error="the engine was lost")))
                continue
            emit(EngineStarted(info, Enforcement(True, True, True, True)))
            for case in cases:
                emit(CaseFinished(self._result(case, info.name)))
        if self.error is not None:
            raise self.error
        emit(RunFinished(1.5))

    def _result(self, case: Case, engine: EngineName) -> CaseResult:
        if engine in self.skip:
            return CaseResult(case, engine, "skipped", 0.0, skipped="the library is not here")
        return by_the_rules(case, engine, dead=self.dead)


@pytest.fixture
def run() -> RunByTheRules:
    return RunByTheRules()


@pytest.fixture
def isolab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], run: RunByTheRules
) -> CommandLine:
    line = CommandLine(tmp_path, monkeypatch, capsys, run)
    line.find("chromium", "firefox", "webkit")
    line.write("flow.yaml", textwrap.dedent(CALLBACK))
    return line


def table(out: str) -> dict[tuple[str, str], list[str]]:
    """The rows of what was measured: what app and callback send to a word an engine."""
    lines = out.splitlines()
    head = next(n for n, line in enumerate(lines) if line.split()[:1] == ["app"])
    assert lines[head].split() == ["app", "callback", "chromium", "firefox", "webkit"]
    columns = [lines[head].index(name) for name in lines[head].split()]
    rows = lines[head + 1 : lines.index("", head)]
    cells = [[row[a:b].strip() for a, b in zip(columns, [*columns[1:], None], strict=True)] for row in rows]
    return {(app, callback): words for app, callback, *words in cells}


def test_the_strictest_headers_are_found_and_configured(isolab: CommandLine, run: RunByTheRules) -> None:
    assert isolab("advise", "flow.yaml", "--wish", "strictest-popup") == 0
    rows = table(isolab.out)
    assert rows[("same-origin", "same-origin")] == ["cut", "cut", "cut"]
    assert rows[("same-origin-allow-popups", "none")] == ["works", "works", "works"]
    last = isolab.out.splitlines()[-1]
    assert last == f"send {LINKED} (in chromium 1.0, firefox 1.0, webkit 1.0; 2 weaker combinations would do, too)"
    assert '"~^/app(?:\\?|$)" "same-origin-allow-popups";' in isolab.out
    for title in ("nginx", "Caddy", "Apache", "Express", "Django", "Next.js", "_headers"):
        assert f"\n{title}" in isolab.out
    assert len(run.runs) == 1
    assert (run.options and run.options.retries) == 1


def test_where_no_headers_do_it_the_other_ways_are_measured(isolab: CommandLine, run: RunByTheRules) -> None:
    assert isolab("advise", "flow.yaml", "-f", "nginx") == 1
    assert [len(cases) for cases in run.runs] == [2, 4]
    assert "works: the answer over a BroadcastChannel instead of window.opener" in isolab.out
    assert "it sends app: same-origin + require-corp, callback: same-origin + require-corp" in isolab.out
    assert "configuration for the answer over a BroadcastChannel instead of window.opener:" in isolab.out
    assert isolab.out.splitlines()[-1].startswith("no headers of these pages do it (in chromium 1.0")
    assert "Caddy" not in isolab.out
    assert "what will not help:\n  WebKit (Safari) does not know credentialless" in isolab.out
    assert "instead: require-corp isolates in every engine" in isolab.out


def test_no_configuration_if_none_is_wanted(isolab: CommandLine) -> None:
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "-f", "none") == 0
    assert "nginx" not in isolab.out


def test_the_answer_for_tools(isolab: CommandLine) -> None:
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "--json", "-", "-f", "none") == 0
    told = json.loads(isolab.out)
    assert (told["version"], told["wish"], told["fulfilled"]) == (1, "strictest-popup", True)
    assert told["success"]["checks"] == {"app.says.signed-in": "token-of-alice"}
    assert told["pages"] == {"app": "app", "others": ["callback"], "parts": []}
    assert told["best"] == [
        {"page": "app", "url": "https://app.example/app", "headers": {COOP: "same-origin-allow-popups"}},
        {"page": "callback", "url": "https://app.example/callback", "headers": {COOP: None}},
    ]
    strict = next(c for c in told["combinations"] if c["stances"]["app"] == {"coop": "same-origin", "coep": None})
    assert strict["engines"]["firefox"]["cut"]["url"] == "https://idp.example/login"
    assert (strict["engines"]["firefox"]["cut"]["from"], strict["engines"]["firefox"]["short"]) == (
        "same-origin",
        "cut",
    )
    assert strict["forbidden"].startswith("severed: ")
    assert set(told["configuration"]) == {"nginx", "caddy", "apache", "express", "django", "nextjs", "headers"}
    assert "works" in isolab.err


def test_an_answer_that_nothing_was_found_for_has_the_other_ways(isolab: CommandLine) -> None:
    assert isolab("advise", "flow.yaml", "--json", "a.json", "-f", "none") == 1
    told = json.loads((isolab.folder / "a.json").read_text())
    assert (told["fulfilled"], told["best"]) == (False, None)
    assert [(way["name"], way["works"]) for way in told["other_ways"]] == [
        ("broadcast-channel", True),
        ("redirect", True),
        ("own-page", True),
    ]
    assert "require-corp" in told["configuration"]["nginx"]


def test_a_case_may_be_named_and_success_be_stated(isolab: CommandLine, run: RunByTheRules) -> None:
    arguments = ["-w", "strictest-popup", "-f", "none", "--success", "popup.opener=preserved"]
    assert isolab("advise", "flow.yaml[app.coop=same-origin]", *arguments) == 0
    assert "it works where popup.opener is preserved (--success)" in isolab.out
    # It is the link that is asked for, so what cuts it by the rules is ruled out but for a sample of each header.
    assert len(run.runs[0]) == 6


def test_an_engine_that_fails_alone_decides(isolab: CommandLine, run: RunByTheRules) -> None:
    run.dead = ["webkit"]
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "-f", "none") == 1
    assert table(isolab.out)[("none", "none")] == ["works", "works", "cut"]
    assert "the standard keeps the link here; webkit differs from it" in isolab.out
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "-f", "none", "-e", "chromium", "-e", "firefox") == 0


def test_an_engine_that_is_lost_is_no_answer(isolab: CommandLine, run: RunByTheRules) -> None:
    run.lost = ["firefox"]
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "-f", "none") == 3
    assert "firefox 1.0 could not be used: it does not start" in isolab.out
    assert table(isolab.out)[("none", "none")] == ["works", "?", "works"]
    assert isolab.out.splitlines()[-1] == "not decided: firefox could not be judged"
    assert len(run.runs) == 1


def test_what_every_engine_skips_selects_nothing(isolab: CommandLine, run: RunByTheRules) -> None:
    run.skip = ["chromium", "firefox", "webkit"]
    assert isolab("advise", "flow.yaml") == 5
    assert "the library is not here" in isolab.err


def test_one_engine_that_skips_it_is_a_note(isolab: CommandLine, run: RunByTheRules) -> None:
    run.skip = ["webkit"]
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "-f", "none") == 0
    assert "webkit was not asked: the library is not here" in isolab.out


def test_a_defect_is_told_and_nothing_is_advised(isolab: CommandLine, run: RunByTheRules) -> None:
    run.error = RuntimeError("broken")
    assert isolab("advise", "flow.yaml", "-f", "none") == 4
    assert "this is a defect of isolab: RuntimeError: broken" in isolab.err


def test_a_port_that_is_not_to_be_had(isolab: CommandLine, run: RunByTheRules) -> None:
    run.error = EngineError("no browser")
    assert isolab("advise", "flow.yaml", "-f", "none") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["nothing.yaml"], 2, "nothing.yaml is neither a file or folder nor an id"),
        (["flow.yaml", "--wish", "peace"], 2, "'peace' is not one of"),
        (["flow.yaml", "--success", "x"], 2, "'x' is not WINDOW.FACT=VALUE"),
        (["flow.yaml", "--format", "iis"], 2, "'iis' is not one of"),
        (["flow.yaml", "--json", "no/such/a.json"], 2, "cannot write no/such/a.json"),
        (["."], 2, "advise takes one scenario, and these are 2"),
        (["empty"], 5, "there is no scenario there"),
        ([], 2, "Missing argument"),
    ],
)
def test_wrong_usage_is_one_message(isolab: CommandLine, arguments: list[str], code: int, why: str) -> None:
    (isolab.folder / "empty").mkdir()
    assert isolab("advise", *arguments) == code
    assert why in isolab.err
    assert isolab.out == ""


def test_an_engine_that_is_not_here_and_not_asked_for_is_a_note(isolab: CommandLine) -> None:
    isolab.find("chromium", "firefox")
    assert isolab("advise", "flow.yaml", "--wish", "strictest-popup") == 0
    assert isolab.err.startswith("note: nothing is run in webkit, not found on this machine")


def test_an_engine_that_is_not_here(isolab: CommandLine) -> None:
    isolab.find("chromium")
    assert isolab("advise", "flow.yaml", "-e", "webkit") == 3


def test_a_file_with_a_mistake_is_shown_at_its_place(isolab: CommandLine) -> None:
    isolab.write("bad.yaml", "title: x\npages: {app: {}}\nflow: [open: nowhere]\nexpect: {app.url: app}\n")
    assert isolab("advise", "bad.yaml") == 2
    assert "--> bad.yaml:3" in isolab.err


def test_a_sign_in_that_succeeds_nowhere_asks_what_success_is(isolab: CommandLine) -> None:
    isolab.write(
        "dead.yaml", textwrap.dedent(CALLBACK).replace("token-of-alice", "null").replace("preserved", "severed")
    )
    assert isolab("advise", "dead.yaml") == 2
    assert "say what success is with --success WINDOW.FACT=VALUE" in isolab.err


def test_the_example_of_the_docs_is_what_is_written(isolab: CommandLine) -> None:
    page = (ROOT / "docs" / "advise.md").read_text(encoding="utf-8")
    block = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert block
    example = json.loads(block.group(1))
    assert isolab("advise", "flow.yaml", "-w", "strictest-popup", "--json", "-", "-f", "none", "-e", "webkit") == 0
    written = json.loads(isolab.out)
    assert list(example) == list(written)
    for part in ("success", "pages"):
        assert list(example[part]) == list(written[part])
    for part in ("engines", "best"):
        assert list(example[part][0]) == list(written[part][0])
    one, other = (told["combinations"][0] for told in (example, written))
    assert set(one) == set(other)
    assert set(one["engines"]["webkit"]) == set(other["engines"]["webkit"])
    assert set(one["engines"]["webkit"]["cut"]) == set(other["engines"]["webkit"]["cut"])


@pytest.mark.parametrize("name", [*FORMATS, *WISHES])
def test_every_format_and_wish_is_in_the_docs(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "advise.md").read_text(encoding="utf-8")
