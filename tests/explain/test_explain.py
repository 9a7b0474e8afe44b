"""What is explained of the catalogue is what the catalogue expects: nobody wrote the one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from isolab.explain.explain import explain_case, explain_responses
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.resources import resource
from isolab.scenario.case import Case, Check
from isolab.scenario.load import load_scenarios

CATALOGUE = {case.id: case for case in load_scenarios([resource("scenarios")])}


def expected(fact: str) -> Iterator[tuple[Case, Check]]:
    for case in CATALOGUE.values():
        for check in case.checks:
            if check.fact == fact:
                yield case, check


def test_fates_are_those_that_the_catalogue_expects() -> None:
    wrong: list[tuple[object, ...]] = []
    assumed: list[str] = []
    seen = 0
    for case, check in expected("opener"):
        link = next((link for link in explain_case(case).links if link.popup == check.subject), None)
        seen += 1
        if link is None or link.fate != check.expected:
            if link and link.assumption and check.expected == "noopener":
                assumed.append(case.id)
            else:
                wrong.append((case.id, check.what, check.expected, link and link.fate))
    assert seen > 150
    assert wrong == []
    # What a page's own link asks for, no flow tells; the explanation says that it has assumed something.
    assert assumed == ["opener/link-click[link=blank]", "opener/link-click[link=noopener]"]


def test_isolation_is_as_the_catalogue_expects() -> None:
    wrong, seen = [], 0
    for case, check in expected("crossOriginIsolated"):
        explanation = explain_case(case)
        window, _, inner = check.subject.partition(".")
        page = next(page for page in explanation.pages if page.window == window)
        found = page.isolated if not inner else next((e.isolated for e in page.embeds if e.name == inner), None)
        seen += 1
        if found is not check.expected:
            wrong.append((case.id, check.what, check.expected, found))
    assert seen > 50
    assert wrong == []


def test_what_is_embedded_is_loaded_or_blocked_as_the_catalogue_expects() -> None:
    wrong, seen = [], 0
    for case, check in expected("load"):
        window, _, inner = check.subject.partition(".")
        page = next(page for page in explain_case(case).pages if page.window == window)
        found = next((embed.load for embed in page.embeds if embed.name == inner), None)
        seen += 1
        if found != check.expected:
            wrong.append((case.id, check.what, check.expected, found))
    assert seen > 50
    assert wrong == []


def test_responses_are_explained_as_a_page_and_its_popup() -> None:
    app = Hop("https://app.example/", Origin("https", "app.example"))
    way = (
        Hop("https://idp.example/a", Origin("https", "idp.example"), 302, (("Location", "/b"),)),
        Hop("https://idp.example/b", Origin("https", "idp.example")),
    )
    told = explain_responses([app], way)
    assert [(page.window, page.url, len(page.way)) for page in told.pages] == [
        ("page", "https://app.example/", 1),
        ("popup", "https://idp.example/b", 2),
    ]
    (link,) = told.links
    assert (link.fate, link.cut, [hop.url for hop in link.hops]) == (
        "preserved",
        None,
        ["https://idp.example/a", "https://idp.example/b"],
    )
