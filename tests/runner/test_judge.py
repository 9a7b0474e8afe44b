from __future__ import annotations

from dataclasses import replace

import pytest
from written_cases import only

from isolab.lab.document import Document, Served
from isolab.lab.record import Record
from isolab.runner.events import Enforcement
from isolab.runner.judge import Bench, claims, disappoints, judge
from isolab.runner.observe import UNSEEN, Observation
from isolab.runner.predict import Prediction
from isolab.runner.result import CaseResult, Cut, EngineInfo
from isolab.runner.trial import Flown
from isolab.scenario.case import Case, same

SOUND = Enforcement(keeps_opener=True, severs=True, isolates=True, shares_memory=True)


def case(expect: str = "preserved", headers: str = "coop: same-origin", difference: str = "") -> Case:
    return only(f"""
    title: One check
    hosts: {{app: null, idp: cross-site}}
    pages: {{app: {{{headers}}}, popup: {{host: idp}}}}
    flow: [open: app, popup: popup]
    expect: {{popup.opener: {expect}}}
    {difference}
    """)


def difference(observed: str, versions: str = "", engine: str = "chromium") -> str:
    return (
        f"differences: [{{engine: {engine}, versions: '{versions}', bug: 'https://bugs.example/1', "
        f"observed: {{popup.opener: {observed}}}}}]"
    )


def flown(one: Case, observed: Observation, linked: bool = False, **more: str) -> Flown:
    record = Record()
    if refused := more.pop("refused", ""):
        record.refuse(refused)
    if script_error := more.pop("script_error", ""):
        served = Served(0.0, "GET", "https://app.example/", "app", 200, (), ())
        record.documents["1"] = Document("1", "app", served.url, served, errors=[script_error])
    check = one.checks[0]
    return Flown(
        case=one,
        record=record,
        duration_s=0.1,
        observed={check: observed},
        predicted={check: None},
        linked=frozenset({"popup"} if linked else ()),
        **more,  # type: ignore[arg-type]
    )


def judged(
    one: Case,
    observed: Observation,
    control: Observation = "preserved",
    enforcement: Enforcement = SOUND,
    **more: object,
) -> CaseResult:
    error = more.pop("control_error", None)
    bench = Bench(
        EngineInfo("chromium", str(more.pop("version", "120.1")), "playwright", "/x"),
        enforcement,
        {"popup.opener": control},
        error,  # type: ignore[arg-type]
    )
    return judge(flown(one, observed, **more), bench)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expect", "observed", "outcome"),
    [
        ("preserved", "preserved", "passed"),
        ("preserved", "severed", "failed"),
        ("severed", "severed", "passed"),
        ("severed", "preserved", "failed"),
        ("severed", "noopener", "failed"),
        ("preserved", UNSEEN, "failed"),
    ],
)
def test_as_expected_or_not(expect: str, observed: Observation, outcome: str) -> None:
    result = judged(case(expect), observed)
    assert result.outcome == outcome
    assert result.checks[0].ok == (outcome == "passed")
    assert result.checks[0].seen == (observed is not UNSEEN)


@pytest.mark.parametrize(
    ("known", "observed", "version", "outcome"),
    [
        (difference("preserved"), "preserved", "120", "known-difference"),
        (difference("preserved"), "severed", "120", "unexpected-pass"),
        (difference("preserved"), "noopener", "120", "failed"),
        (difference("preserved", ">=100,<130"), "preserved", "129.0.7", "known-difference"),
        (difference("preserved", ">=100,<130"), "preserved", "130.0", "failed"),
        (difference("preserved", "<130"), "severed", "131", "passed"),
        (difference("preserved", "<130"), "preserved", "115.2esr", "known-difference"),
        (difference("preserved", "<130"), "preserved", "", "known-difference"),
        (difference("preserved", engine="firefox"), "preserved", "120", "failed"),
    ],
)
def test_known_differences_hold_for_their_engine_and_versions(
    known: str, observed: str, version: str, outcome: str
) -> None:
    result = judged(case("severed", difference=known), observed, version=version)
    assert result.outcome == outcome
    assert (result.checks[0].difference is not None) == (outcome in ("known-difference", "unexpected-pass"))


def test_where_a_check_proves_nothing_no_known_difference_is_met_or_gone() -> None:
    for observed in ("severed", "preserved"):
        bare = Enforcement(keeps_opener=True, severs=False)
        result = judged(case("severed", difference=difference("preserved")), observed, enforcement=bare)
        (check,) = result.checks
        assert (result.outcome, check.difference, check.unexpected_pass) == ("error", None, False)


@pytest.mark.parametrize("control", ["severed", "noopener", UNSEEN])
def test_severed_means_nothing_where_the_control_does_not_keep_the_link(control: Observation) -> None:
    result = judged(case("severed"), "severed", control, control_error="step 2 was not done")
    assert (result.outcome, result.checks[0].ok) == ("error", False)
    assert f"shows {control} and not preserved (step 2 was not done)" in (result.checks[0].error or "")


def test_preserved_needs_no_control() -> None:
    one = case("preserved")
    assert not claims(flown(one, "preserved"))
    assert claims(flown(one, "severed"))
    assert judged(one, "preserved", UNSEEN).outcome == "passed"


@pytest.mark.parametrize(
    ("enforcement", "headers", "word"),
    [
        (Enforcement(keeps_opener=True, severs=False), "coop: same-origin", "does not enforce COOP"),
        (Enforcement(keeps_opener=False, severs=True), "", "keeps no opener link"),
        (Enforcement(keeps_opener=True, severs=None), "coop: same-origin", "did not see within its time whether"),
        (Enforcement(keeps_opener=None, severs=True), "", "keeps an opener link without headers"),
    ],
)
@pytest.mark.parametrize("observed", ["preserved", "severed"])
def test_an_engine_that_enforces_nothing_passes_nothing(
    enforcement: Enforcement, headers: str, word: str, observed: str
) -> None:
    result = judged(case(observed, headers), observed, enforcement=enforcement)
    assert result.outcome == "error"
    assert word in (result.checks[0].error or "")


@pytest.mark.parametrize("enforcement", [Enforcement(True, severs=False), Enforcement(True, True, isolates=False)])
def test_a_negative_claim_needs_an_engine_that_can_do_the_thing(enforcement: Enforcement) -> None:
    one = only(
        """
    title: COOP alone
    pages: {app: {coop: same-origin}, popup: {}}
    flow: [open: app, popup: popup]
    expect: {%s: false}
    """
        % ("popup.closed" if enforcement.severs is False else "app.crossOriginIsolated")
    )
    bench = Bench(EngineInfo("chromium", "1", "playwright", "/x"), enforcement)
    assert judge(flown(one, False), bench).outcome == "error"


def test_an_engine_that_does_not_sever_may_keep_links_without_headers() -> None:
    assert judged(case(headers=""), "preserved", enforcement=Enforcement(True, severs=False)).outcome == "passed"


@pytest.mark.parametrize("isolates", [False, None])
def test_an_engine_that_isolates_nothing_has_no_word_on_isolation(isolates: bool | None) -> None:
    one = only("""
    title: Isolated
    pages: {app: {coop: same-origin, coep: require-corp}}
    flow: [open: app]
    expect: {app.crossOriginIsolated: false}
    """)
    bench = Bench(EngineInfo("chromium", "1", "playwright", "/x"), Enforcement(True, True, isolates))
    assert judge(flown(one, False), bench).outcome == "error"


@pytest.mark.parametrize(
    ("expect", "control", "outcome", "observed"),
    [
        ("noopener", "severed", "passed", "noopener"),
        ("severed", "severed", "failed", "noopener"),
        ("severed", "preserved", "passed", "severed"),
        ("noopener", "preserved", "failed", "severed"),
    ],
)
def test_a_link_s_window_is_noopener_where_even_its_control_has_no_opener(
    expect: str, control: str, outcome: str, observed: str
) -> None:
    result = judged(case(expect), "severed", control, linked=True)
    assert (result.outcome, result.checks[0].observed) == (outcome, observed)


@pytest.mark.parametrize(("control", "outcome"), [("preserved", "passed"), ("severed", "passed"), (UNSEEN, "error")])
def test_of_two_fates_that_no_link_tells_apart_it_is_the_one_of_the_rules(control: Observation, outcome: str) -> None:
    one = case("noopener")
    told = replace(flown(one, "severed", linked=True), predicted={one.checks[0]: Prediction("noopener", "a frame")})
    result = judge(told, Bench(EngineInfo("chromium", "120.1", "playwright", "/x"), SOUND, {"popup.opener": control}))
    assert (result.outcome, result.checks[0].observed) == (outcome, "noopener")


def test_a_contradiction_is_an_error_although_every_check_is_ok() -> None:
    result = judged(case("preserved"), "preserved", contradiction="2 windows, 3 told")
    assert result.outcome == "error"
    assert result.error == "two witnesses contradict each other: 2 windows, 3 told"


def test_a_step_that_was_not_done_fails_the_case_although_every_check_is_ok() -> None:
    result = judged(case("preserved"), "preserved", step_error="not done")
    assert (result.outcome, result.error) == ("failed", "not done")


def test_a_refused_host_is_told_where_something_is_not_as_expected_and_only_there() -> None:
    assert judged(case("preserved"), "preserved", refused="cdn.example").error is None
    told = judged(case("preserved"), "severed", refused="cdn.example").error or ""
    assert told.endswith("that the scenario does not declare: cdn.example")
    both = judged(case("preserved"), "preserved", refused="cdn.example", step_error="not done").error or ""
    assert both.startswith("not done; the browser asked for a host")


@pytest.mark.parametrize(
    ("observed", "step_error", "told"),
    [("preserved", None, False), ("severed", None, False), (UNSEEN, None, True), ("preserved", "not done", True)],
)
def test_a_script_s_error_is_told_where_something_did_not_happen(
    observed: Observation, step_error: str | None, told: bool
) -> None:
    result = judged(case("preserved"), observed, script_error="x is not defined", step_error=step_error)
    assert ("a page's own script failed: app: x is not defined" in (result.error or "")) is told


@pytest.mark.parametrize(
    ("observed", "known", "more", "does"),
    [
        ("severed", "", {}, False),
        ("preserved", "", {}, True),
        ("preserved", difference("preserved"), {}, False),
        ("preserved", difference("preserved", engine="firefox"), {}, True),
        ("severed", "", {"step_error": "x"}, True),
        ("severed", "", {"contradiction": "x"}, True),
    ],
)
def test_what_is_foreseen_does_not_disappoint(observed: str, known: str, more: dict[str, str], does: bool) -> None:
    assert disappoints(flown(case("severed", difference=known), observed, False, **more), "chromium") is does


def test_noopener_by_a_link_is_foreseen() -> None:
    assert not disappoints(flown(case("noopener"), "severed", linked=True), "chromium")


@pytest.mark.parametrize(("a", "b", "are"), [(True, 1, False), (0, False, False), (1, 1.0, True), (None, False, False)])
def test_true_is_not_one(a: object, b: object, are: bool) -> None:
    assert same(a, b) is are


CUT = Cut("https://idp.example/popup", 200, "Cross-Origin-Opener-Policy: same-origin", "unsafe-none", "same-origin")


@pytest.mark.parametrize(
    ("enforcement", "named"),
    [
        (SOUND, True),
        (Enforcement(keeps_opener=True, severs=False), False),
        (Enforcement(keeps_opener=False, severs=True), False),
        (Enforcement(keeps_opener=None, severs=None), False),
    ],
)
def test_a_cut_that_no_control_stands_behind_is_named_only_in_an_engine_that_keeps_and_cuts_links(
    enforcement: Enforcement, named: bool
) -> None:
    bench = Bench(EngineInfo("chromium", "120.1", "playwright", "/x"), enforcement, {"popup.opener": "preserved"})
    found = judge(replace(flown(case(), "preserved"), cuts={"popup": CUT}), bench).cut
    assert found == (CUT if named else None)


@pytest.mark.parametrize(("shares", "noted"), [(False, True), (True, False), (None, False)])
def test_an_engine_that_shares_no_memory_is_said_to_be_the_cause(*, shares: bool | None, noted: bool) -> None:
    one = only("""
        title: Memory
        hosts: {app: }
        pages: {app: {coop: same-origin, coep: require-corp}}
        flow: [open: app]
        expect: {app.sharedMemory: true, app.crossOriginIsolated: true}
    """)
    memory, isolated = one.checks
    seen = replace(flown(one, False), observed={memory: False, isolated: True})
    enforcement = replace(SOUND, shares_memory=shares)
    first, second = judge(seen, Bench(EngineInfo("webkit", "1", "webdriver", "/x"), enforcement)).checks
    assert ("its build, not a header" in first.note) is noted
    assert second.note == ""
