"""What holds for every file, tried with generated ones."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isolab.scenario.case import Case, Source
from isolab.scenario.load import load_scenarios
from isolab.scenario.positions import Document
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.yaml import parse

ON_DISK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Other work on the machine makes files slow at times; each example may overwrite the last one's file."""
UNSAFE = "\u2028\u2029\ufeff\ufffe\uffff"
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=UNSAFE), max_size=8)
PLAIN = st.sampled_from(["one", "two words", "値", "1", "no"])
PUNCTUATION = st.text("[]{}:,-#&*!|>'\"%@`?~ \n\tab01$.")
SCALARS = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | WORDS
TREES = st.recursive(SCALARS, lambda t: st.lists(t, max_size=4) | st.dictionaries(WORDS, t, max_size=4), max_leaves=12)
NAMES = st.from_regex(r"[a-z][a-z0-9.]{0,5}", fullmatch=True).filter(
    lambda name: not name.startswith(("url.", "origin.")) and name != "engine"
)
VALUES = st.lists(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", "a b", "", "c,d", "[e]", "f=g"]),
    min_size=1,
    max_size=3,
    unique_by=lambda value: (isinstance(value, bool), value),
)
TEMPLATE = """title: t
pages: {app: {html: %s}}
flow: [{open: app}]
expect: {app.open: true}
"""


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in leaves(value, (*path, key))]
    if isinstance(data, list):
        return [leaf for index, value in enumerate(data) for leaf in leaves(value, (*path, index))]
    return [(path, data)]


def marked(document: Document, path: tuple[str | int, ...]) -> str:
    """The source text under a value's span."""
    span = document.value(path)
    return document.source.text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


@given(tree=TREES, indent=st.sampled_from([None, 1, 3]))
def test_the_span_of_every_scalar_is_its_source_text(tree: Any, indent: int | None) -> None:
    document = parse(Source("x", json.dumps(tree, ensure_ascii=False, indent=indent)))
    assert document.data == tree
    for path, value in leaves(tree):
        assert marked(document, path) == json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(st.sampled_from(["a", "b c", "名"]), PLAIN, min_size=1))
def test_plain_scalars_too(data: dict[str, str]) -> None:
    document = parse(Source("x", "".join(f"{key}:   {value}  # {value}\n" for key, value in data.items())))
    for key, value in data.items():
        assert marked(document, (key,)) == value


@settings(ON_DISK, max_examples=60)
@given(matrix=st.dictionaries(NAMES, VALUES, min_size=1, max_size=3), data=st.data())
def test_cases_are_the_product_without_what_is_excluded(
    tmp_path: Path, matrix: dict[str, list[Any]], data: Any
) -> None:
    excluded = {name: data.draw(st.sampled_from(values)) for name, values in matrix.items() if data.draw(st.booleans())}
    html = json.dumps("hi" + "".join(f"${{{{ {name} }}}}" for name in matrix))
    text = (
        TEMPLATE % html
        + f"matrix: {json.dumps(matrix)}\n"
        + (f"exclude: [{json.dumps(excluded)}]\n" if excluded else "")
    )
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    left_out = prod(1 if name in excluded else len(values) for name, values in matrix.items()) if excluded else 0
    expected = prod(map(len, matrix.values())) - left_out
    cases, codes = load(path)
    assert codes == ([] if expected else ["all-excluded"])
    assert len(cases) == expected
    assert len({case.id for case in cases}) == expected


def load(path: Path) -> tuple[list[Case], list[str]]:
    """The cases, or the codes of the problems, whose messages can all be rendered."""
    try:
        return load_scenarios([path]), []
    except ScenarioErrors as errors:
        return [], [problem.code for problem in errors.problems if str(problem)]


@settings(ON_DISK)
@given(raw=st.binary() | (PUNCTUATION | st.text()).map(lambda text: text.encode("utf-8", "replace")))
def test_arbitrary_text_raises_nothing_but_scenario_errors(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    cases, codes = load(path)
    assert bool(cases) != bool(codes)


SAMPLE = {
    "title": "t",
    "hosts": {"app": None, "idp": "same-site"},
    "pages": {"app": {"embed": {"logo": {"image": "login"}}, "headers": {"X": ["a"]}}, "login": {"html": "hi"}},
    "matrix": {"p": [1, None]},
    "exclude": [{"p": 1}],
    "flow": [{"open": "app"}, {"popup": "login", "by": "link"}, {"wait": "login", "closed": True}],
    "expect": [{"login.opener": "severed", "when": {"p": None}}],
    "differences": [{"engine": "webkit", "observed": {"login.opener": "preserved"}, "bug": "https://b.example"}],
    "skip": {"firefox": "why"},
    "timeout": 5,
}
ODD = TREES | st.sampled_from(
    ["${{ p }}", "${{ x }}", "${{ url.app }}", "${{", "app", "same-site", "same-origin", [], {}]
)


@settings(ON_DISK, max_examples=200)
@given(data=st.data(), odd=ODD, key=st.none() | WORDS)
def test_anything_in_any_place_raises_nothing_else(tmp_path: Path, data: Any, odd: Any, key: str | None) -> None:
    broken = json.loads(json.dumps(SAMPLE))
    here = broken
    while True:
        part = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))))
        if not here[part] or not isinstance(here[part], dict | list) or data.draw(st.booleans()):
            break
        here = here[part]
    if key is not None and isinstance(here, dict):
        here[key] = odd
    else:
        here[part] = odd
    path = tmp_path / "x.yaml"
    path.write_text(json.dumps(broken), encoding="utf-8")
    cases, codes = load(path)
    assert bool(cases) != bool(codes)
