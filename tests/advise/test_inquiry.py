from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from advised import CALLBACK, LIBRARY, by_the_rules, inquiry

from isolab.advise.answer import Answer
from isolab.advise.inquiry import Inquiry, conclude, detours, way_outs
from isolab.advise.reasons import reasons, ruled_out
from isolab.runner.result import CaseResult
from isolab.scenario.case import ENGINE_NAMES, Case, EngineName

LINKED = "app: same-origin-allow-popups, callback: none"


def flown(cases: Sequence[Case], dead: Sequence[EngineName] = ()) -> list[CaseResult]:
    return [by_the_rules(case, engine, dead=dead) for case in cases for engine in ENGINE_NAMES]


def answered(found: Inquiry, dead: Sequence[EngineName] = ()) -> Answer:
    return conclude(found, ENGINE_NAMES, flown(found.cases, dead))


def test_the_strictest_that_works_in_every_engine_comes_first() -> None:
    answer = answered(inquiry(CALLBACK))
    assert [str(attempt.combination) for attempt in answer.found] == [
        LINKED,
        "app: noopener-allow-popups, callback: none",
        "app: none, callback: none",
    ]
    assert [(page.name, page.url) for page in answer.pages] == [
        ("app", "https://app.example/app"),
        ("callback", "https://app.example/callback"),
    ]
    assert answer.pages[0].sent == {"Cross-Origin-Opener-Policy": "same-origin-allow-popups"}


def test_one_engine_that_fails_is_enough_to_refuse() -> None:
    answer = answered(inquiry(CALLBACK), dead=["webkit"])
    assert answer.found == ()
    assert answer.pages == ()


def test_what_will_not_help_is_said_of_what_was_asked_and_failed() -> None:
    assert [fix.kind for fix in answered(inquiry(CALLBACK, "isolated-popup")).false_fixes] == [
        "credentialless-in-webkit",
        "allow-popups-not-isolated",
        "allow-popups-everywhere",
    ]
    # Nobody wants isolation here.
    kinds = {fix.kind for fix in answered(inquiry(CALLBACK)).false_fixes}
    assert kinds == {"allow-popups-everywhere"}


def test_each_reason_is_told_once_with_the_engines_and_combinations_that_have_it() -> None:
    told = list(reasons(answered(inquiry(CALLBACK, "isolated-popup"))))
    cut, isolation = told
    assert cut == (
        "1, 2 in chromium, firefox, webkit: cut by the response 200 of https://idp.example/login without the header: "
        "from same-origin-plus-COEP to unsafe-none"
    )
    assert (
        isolation == "2 in webkit: not isolated: this engine differs from the standard, by which it is (by the rules)"
    )


def test_engines_that_differ_are_told_apart() -> None:
    told = list(reasons(answered(inquiry(CALLBACK), dead=["webkit"])))
    assert told[-1] == "4, 5, 6 in webkit: cut: the standard keeps the link here; webkit differs from it"


def test_of_what_is_weaker_than_the_best_nothing_is_told() -> None:
    told = "\n".join(reasons(answered(inquiry(CALLBACK))))
    assert "often set by Django's SecurityMiddleware" in told
    assert [line.partition(" ")[0] for line in told.splitlines() if line[0].isdigit()] == ["1,", "3"]


def test_what_was_ruled_out_is_counted_with_an_example() -> None:
    found = inquiry(CALLBACK, "isolated-popup")
    told = list(ruled_out(found.plan))
    assert [line.split(maxsplit=3)[:2] for line in told] == [
        [str(sum(c.forbidden.startswith(kind) for c in found.plan.ruled_out)), "combinations"]
        for kind in ("severed", "not isolated")
    ]
    assert told[1].startswith("9 combinations not isolated, such as: https://app.example/app sends")


def test_other_ways_are_flown_where_they_can_be_built_and_the_first_that_works_is_taken() -> None:
    found = inquiry(CALLBACK, "isolated-popup")
    planned = detours(found)
    cases = [case for detour in planned for _, case in detour.variants]
    assert [case.id for case in cases] == [
        "written (broadcast-channel)",
        "written (redirect)",
        "written (own-page 1)",
        "written (own-page 2)",
    ]
    results = [by_the_rules(case, engine) for case in cases for engine in ENGINE_NAMES]
    ways = way_outs(found, planned, results)
    assert [way.works for way in ways] == [True, True, True]
    assert {page.name: page.sent.get("Cross-Origin-Embedder-Policy") for page in ways[0].pages} == {
        "app": "require-corp",
        "callback": "require-corp",
    }


def test_of_two_variants_the_one_that_works_everywhere_is_told() -> None:
    found = inquiry(CALLBACK, "strictest-popup")
    (apart,) = [detour for detour in detours(found) if detour.way.name == "own-page"]
    first, second = (case for _, case in apart.variants)
    fly = partial(by_the_rules, engine="chromium")
    (way,) = way_outs(found, [apart], [by_the_rules(first, "chromium", dead=["chromium"]), fly(second)])
    assert way.works
    assert str(way.stances["sign-in"]) == "none"
    (lost,) = way_outs(found, [apart], [by_the_rules(c, "chromium", dead=["chromium"]) for c in (first, second)])
    assert not lost.works
    assert lost.tried is not None


def test_what_was_not_built_is_neither_yes_nor_no() -> None:
    html = CALLBACK.replace('{fixture: signin-app, with: {provider: "${{ url.login }}"}', "{html: <p>, with: {a: b}")
    found = inquiry(html, "isolated-popup")
    ways = way_outs(found, detours(found), [])
    assert (ways[0].tried, ways[0].works, bool(ways[0].untested)) == (None, False, True)


def test_an_engine_that_skips_the_scenario_is_not_asked() -> None:
    found = inquiry(CALLBACK)
    results = [by_the_rules(case, "chromium") for case in found.cases]
    results += [CaseResult(case, "webkit", "skipped", 0.0, skipped="no passkeys here") for case in found.cases]
    answer = conclude(found, ["chromium", "webkit"], results)
    assert answer.skipped == {"webkit": "no passkeys here"}
    assert answer.found


def test_what_the_file_says_of_an_engine_is_known() -> None:
    text = LIBRARY + (
        "    differences: [{engine: webkit, observed: {app.says.signed-in: null}, "
        'bug: "https://bugs.webkit.org/1", note: it forgets}]\n'
    )
    assert inquiry(text).known == {"webkit": "it forgets (https://bugs.webkit.org/1)"}


def test_parts_of_the_page_are_configured_where_it_sends_coep() -> None:
    text = CALLBACK.replace('coop: "${{ app.coop }}"}', 'coop: "${{ app.coop }}", embed: {part: {iframe: part}}}')
    found = inquiry(text.replace("callback: {fixture", "part: {}\n      callback: {fixture"), "isolated-popup")
    (first, *_) = answered(found).attempts
    assert [page.name for page in first.pages] == ["app", "callback", "part"]
    assert first.pages[2].sent == {"Cross-Origin-Embedder-Policy": "require-corp"}
