"""The answer as JSON (docs/advise.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from isolab import __version__
from isolab.advise.answer import Answer, Attempt, WayOut
from isolab.advise.formats.page import PageHeaders
from isolab.advise.formats.registry import FORMATS
from isolab.advise.plan import Candidate
from isolab.advise.stance import Stance
from isolab.advise.verdict import Verdict
from isolab.runner.result import EngineInfo
from isolab.scenario.case import EngineName

VERSION = 1


def document(answer: Answer, engines: Sequence[EngineInfo]) -> dict[str, Any]:
    """Give the file's data; `engines` as they were when they ran."""
    goal, plan = answer.goal, answer.plan
    found = answer.found
    return {
        "version": VERSION,
        "isolab": __version__,
        "scenario": answer.given.scenario,
        "case": answer.given.id,
        "wish": goal.wish.name,
        "success": {"told_by": goal.success.told_by, "checks": {c.what: c.expected for c in goal.success.checks}},
        "pages": {"app": goal.own.app, "others": list(goal.own.others), "parts": list(goal.own.parts)},
        "engines": [asdict(info) for info in engines],
        "skipped": dict(answer.skipped),
        "fulfilled": bool(found),
        "best": _pages(found[0].pages) if found else None,
        "combinations": [_attempt(attempt) for attempt in answer.attempts],
        "ruled_out": [_candidate(candidate) for candidate in plan.ruled_out],
        "not_tried": [_stances(candidate.combination.stances) for candidate in plan.left],
        "other_ways": [_way(way) for way in answer.ways],
        "false_fixes": [asdict(fix) for fix in answer.false_fixes],
        "configuration": _configuration(answer),
    }


def _pages(pages: Sequence[PageHeaders]) -> list[dict[str, Any]]:
    return [{"page": page.name, "url": page.url, "headers": dict(page.headers)} for page in pages]


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "stances": _stances(attempt.combination.stances),
        "fulfilled": attempt.tried.fulfilled,
        "engines": _verdicts(attempt.tried.verdicts),
        "forbidden": attempt.forbidden or None,
        "blocks": list(attempt.losses),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {"stances": _stances(candidate.combination.stances), "why": candidate.forbidden}


def _stances(stances: Mapping[str, Stance]) -> dict[str, dict[str, str | None]]:
    return {page: {"coop": stance.coop, "coep": stance.coep} for page, stance in stances.items()}


def _verdicts(verdicts: Mapping[EngineName, Verdict]) -> dict[str, Any]:
    return {engine: {**asdict(verdict), "cut": _cut(verdict)} for engine, verdict in verdicts.items()}


def _cut(verdict: Verdict) -> dict[str, Any] | None:
    """As in the results file."""
    if verdict.cut is None:
        return None
    data = asdict(verdict.cut)
    return {**{key: value for key, value in data.items() if not key.endswith("_policy")}, **_policies(data)}


def _policies(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"from": data["from_policy"], "to": data["to_policy"]}


def _way(way: WayOut) -> dict[str, Any]:
    return {
        "name": way.name,
        "title": way.title,
        "todo": way.todo,
        "works": None if way.tried is None else way.works,
        "untested": way.untested or None,
        "engines": _verdicts(way.tried.verdicts) if way.tried else {},
        "pages": _pages(way.pages),
    }


def _configuration(answer: Answer) -> dict[str, str] | None:
    """Give the configuration of the best, else of the first other way that works, in every format."""
    if not answer.pages:
        return None
    return {name: each.render(answer.pages) for name, each in FORMATS.items()}
