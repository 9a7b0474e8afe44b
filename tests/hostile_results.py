"""Results in which everything that comes from outside would be markup, a script or a link, if anyone let it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pictured import case_of, result_of, timeline
from report_runs import CHROMIUM, CUT, WEBKIT, run_of, tally_of

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.runner.events import RunFinished
from isolab.runner.result import CaseResult
from isolab.scenario.case import Source

EVIL = "</pre></style></script><!--<script><img src=x onerror=alert(1)>\"' onload=x {{ 7 * 7 }} \x1b[31m\u202e&amp;"


def hostile(script: str = "alert(1)") -> ResultsFile:
    """Everything that comes from scenarios, pages, servers and engines says the same, which would run `script`."""
    text = EVIL.replace("alert(1)", script)
    case = replace(
        case_of(0),
        id=f"{text}[a={text}]",
        title=text,
        params={text: text},
        tags=(text,),
        links=(text, f"javascript:{script}"),
        source=Source(f"{text}/{text}.yaml", text * 3),
    )
    results = [_hostile(text, replace(result_of(case, engine, "failed"), error=text)) for engine in (CHROMIUM, WEBKIT)]
    skipped = CaseResult(case, "firefox", "skipped", 0.0, skipped=text)
    known = result_of(replace(case, id=text), WEBKIT, "known-difference")
    ended = RunFinished(1.0, defect=text, notes=(text,))
    file = document(tally_of(run_of([*results, skipped, _hostile(text, known)], gaps=(text,), finished=ended)))
    change: Any = {"id": text, "engine": "webkit", "before": "passed", "after": "failed", "checks": []}
    check = {"what": text, "before": text, "after": {text: text}, "seen_before": True, "seen_after": True}
    versions: Any = [{"engine": "webkit", "before": text, "after": text}]
    changes = [{**change, "checks": [check]}]
    baseline: Any = {"file": text, "started": text, "engines": versions, "changes": changes, "new": 1, "gone": 0}
    return {
        **file,
        "isolab": text,
        "baseline": baseline,
        "unavailable": [text],
        "engines": [{**engine, "version": text, "executable": text, "failed": text} for engine in file["engines"]],
    }


def _hostile(text: str, result: CaseResult) -> CaseResult:
    moments: list[Any] = [
        {
            **moment,
            **{
                key: text
                for key in ("text", "by", "url", "frame", "method", "name", "state", "header")
                if key in moment
            },
        }
        for moment in (*timeline(severed=True), *timeline(severed=False, text=text))
    ]
    for moment in moments:
        moment.update({"window": text, "from": text} if "from" in moment else {"window": f"{moment['window']}{text}"})
        if "headers" in moment:
            moment["headers"] = [f"Cross-Origin-Opener-Policy: {text}", f"{text}: {text}"]
    checks = tuple(
        replace(
            one,
            observed=text,
            predicted=text,
            reason=text,
            difference=one.difference and replace(one.difference, note=text, bug="javascript:alert(1)", versions=text),
        )
        for one in result.checks
    )
    cut = replace(CUT, url=text, header=text, from_policy=text, usually_set_by=(text,))
    return replace(result, checks=checks, cuts={text: cut}, artifacts=(text, f"{text}.png"), timeline=tuple(moments))
