"""Results files made up by Hypothesis: every key, any text, and what a run of two engines might hold."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import strategies as st

from isolab.reports.form import ConformanceEntry, ResultEntry, ResultsFile
from isolab.runner.result import OUTCOMES
from isolab.scenario.case import ENGINE_NAMES

NASTY = (
    "<img src=x onerror=alert(1)>",
    "](https://evil.example)",
    "![x](https://evil.example/y.png)",
    "`` ` ```",
    "::error::x",
    "::stop-commands::x\n::set-output name=a::b",
    "##[add-mask]x",
    "%0A::warning::x",
    "a|b|c\n|---|",
    "\n\n# heading\n\n- list\n1. one\n> quote\n",
    "&lt;b&gt; &amp; &#60;",
    "*a* _b_ ~c~ **d** $x$ :+1: @user #1 www.evil.example https://evil.example",
    "</summary></details><script>",
    "<!-- -->",
    "\x1b[31m\r\x00\u2028\u202e\ud800",
    "[a]: https://evil.example",
    "~~~\ncode\n~~~",
    "    indented",
    "{0}",
)
ROWS: ConformanceEntry = {
    "rows": [{"id": "a", "kind": "popup", "source": "x", "outcomes": {"webkit": ["agrees"]}, "unseen": {}}],
    "refused": [{"id": "b", "kind": "popup", "source": "x", "why": "no"}],
}
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=20), st.text("`|\n<>[]()*_:%,=#~\\& ", max_size=12))
scalars = st.one_of(st.booleans(), st.none(), st.integers(-5, 5), texts)
maybe_text = st.none() | texts
engines = st.sampled_from(ENGINE_NAMES[:2])
outcomes = st.sampled_from(OUTCOMES)
differences = st.fixed_dictionaries({"versions": texts, "observed": scalars, "bug": texts, "note": texts})
cuts = st.fixed_dictionaries(
    {
        "url": texts,
        "status": st.integers(100, 599),
        "header": texts,
        "from": texts,
        "to": texts,
        "redirect": st.booleans(),
        "usually_set_by": st.lists(texts, max_size=2),
    }
)
checks = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["popup.opener", "app.isolated"]) | texts.filter(bool),
        "expected": scalars,
        "observed": scalars | st.lists(scalars, max_size=2) | st.dictionaries(texts, scalars, max_size=2),
        "predicted": scalars,
        "ok": st.booleans(),
        "difference": st.none() | differences,
        "seen": st.booleans(),
        "unexpected_pass": st.booleans(),
        "error": maybe_text,
        "reason": texts,
        "line": st.integers(1, 99),
        "column": st.integers(1, 9),
        "end_column": st.integers(1, 9),
        "message": maybe_text,
    }
)


times = st.integers(0, 9000).map(lambda ms: ms / 1000)
windows = st.sampled_from(["app", "popup", ""]) | texts
MOMENTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "step": {"text": texts, "line": st.integers(1, 99)},
    "opened": {"from": windows, "by": texts},
    "response": {"url": texts, "status": st.integers(100, 599), "headers": st.lists(texts, max_size=2)},
    "loaded": {"url": texts, "isolated": st.booleans(), "opener": st.booleans()},
    "switch": {"from": windows, "url": texts, "header": texts, "severed": st.none() | st.booleans()},
    "message": {"from": windows, "text": texts, "heard": st.booleans()},
    "said": {"name": texts, "text": texts},
    "embedded": {"name": texts, "state": texts},
    "reads-closed": {"from": windows},
    "error": {"text": texts},
    "closed": {"by": texts},
}
moments = st.one_of(
    *(
        st.fixed_dictionaries({"at_s": times, "window": windows, "kind": st.just(kind), **more})
        for kind, more in MOMENTS.items()
    )
)


def _what(check: dict[str, Any]) -> str:
    return str(check["what"])


results = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "a[x=1]", "b"]) | texts.filter(bool),
        "scenario": st.sampled_from(["a.yaml", "b.yaml"]) | texts,
        "title": texts,
        "params": st.dictionaries(texts, scalars, max_size=1),
        "tags": st.lists(texts, max_size=1),
        "links": st.lists(texts, max_size=1),
        "engine": engines,
        "outcome": outcomes,
        "duration_s": st.floats(0, 100),
        "attempts": st.integers(0, 3),
        "checks": st.lists(checks, max_size=3, unique_by=_what),
        "cut": st.none() | cuts,
        "cuts": st.dictionaries(st.just("popup") | texts, cuts, max_size=1),
        "error": maybe_text,
        "line": st.none() | st.integers(1, 99),
        "message": maybe_text,
        "skipped": maybe_text,
        "artifacts": st.lists(texts, max_size=1),
        "timeline": st.lists(moments, max_size=2),
    }
)


def _engine(name: str, version: str, text: str, failed: str | None) -> dict[str, object]:
    return {
        "name": name,
        "version": version,
        "driver": "playwright",
        "executable": text,
        "enforcement": {
            "keeps_opener": True,
            "severs": None,
            "isolates": True,
            "shares_memory": False,
            "detail": [text],
        },
        "failed": failed,
    }


@st.composite
def results_files(draw: st.DrawFn) -> ResultsFile:
    """A file as a run of two engines would write it."""
    entries = cast("list[ResultEntry]", draw(st.lists(results, max_size=4)))
    made: dict[str, Any] = {
        "version": 1,
        "isolab": draw(texts),
        "started": "2026-11-22T10:00:00Z",
        "duration_s": draw(st.floats(0, 1000)),
        "interrupted": draw(st.booleans()),
        "defects": draw(st.lists(texts, max_size=1)),
        "unavailable": draw(st.lists(texts, max_size=1)),
        "notes": draw(st.lists(texts, max_size=2)),
        "engines": [_engine(name, draw(texts), draw(texts), draw(maybe_text)) for name in ENGINE_NAMES[:2]],
        "results": entries,
        "scenarios": draw(st.dictionaries(st.just("a.yaml") | texts, texts, max_size=1)),
        "not_run": draw(st.integers(0, 3)),
        "summary": {name: sum(entry["outcome"] == name for entry in entries) for name in OUTCOMES},
        "conformance": None,
        "baseline": None,
    }
    return cast("ResultsFile", made)
