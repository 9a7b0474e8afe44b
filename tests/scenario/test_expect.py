from __future__ import annotations

from pathlib import Path

from scenario_loading import checks, load_text, sample, tail


def test_the_last_block_that_matches_wins() -> None:
    values = {case.id.split("[")[1]: checks(case)["login.opener"][0].expected for case in sample("popup")}
    assert values == {
        "app.coop=absent,relation=cross-site]": "preserved",
        "app.coop=same-origin,relation=same-origin]": "preserved",
        "app.coop=same-origin,relation=cross-site]": "severed",
    }


def test_a_block_names_facts_of_its_own() -> None:
    assert ["app.says.token" in checks(case) for case in sample("popup")] == [True, False, False]
    says = checks(sample("popup")[0])["app.says.token"][0]
    assert (says.subject, says.fact) == ("app", "says.token")


def test_engines_without_an_exception_keep_the_general_value() -> None:
    first, second = sample("differences")
    assert {c.engines: c.expected for c in checks(first)["login.opener"]} == {
        ("webkit",): "severed",
        ("firefox",): "noopener",
        ("chromium",): "preserved",
    }
    assert {c.engines: c.expected for c in checks(second)["login.opener"]} == {
        ("webkit",): "severed",
        ("chromium", "firefox"): "noopener",
    }


def test_a_difference_hangs_on_the_check_of_its_engine_and_case() -> None:
    first, second = sample("differences")
    assert all(not check.differences for check in first.checks)
    [with_difference] = [check for check in second.checks if check.differences]
    assert with_difference.engines == ("chromium", "firefox")
    [difference] = with_difference.differences
    assert (difference.engine, difference.observed, difference.versions) == ("firefox", "preserved", ">=79,<200")
    assert (difference.bug, difference.note) == ("https://bugzilla.example/1", "does not know the value")


def test_embeds_of_embedded_pages_and_facts_of_frames() -> None:
    [case] = sample("embeds")
    found = {check.what: (check.subject, check.fact) for check in case.checks}
    assert found["app.ad.inner"] == ("app.ad.inner", "load")
    assert found["app.ad.crossOriginIsolated"] == ("app.ad", "crossOriginIsolated")
    assert found["app.thread.name"] == ("app.thread", "name")


def test_a_window_has_the_embeds_of_the_page_that_it_is_redirected_to() -> None:
    [case] = sample("redirect")
    assert checks(case)["login.logo"][0].fact == "load"


def test_a_value_from_the_matrix_keeps_its_type() -> None:
    assert all(check.expected is True for case in sample("typed") for check in case.checks)


def test_the_span_is_the_values_own() -> None:
    case = sample("popup")[2]
    [check] = checks(case)["login.opener"]
    line = case.source.text.split("\n")[check.span.line - 1]
    assert line[check.span.column - 1 : check.span.end_column - 1] == "severed"


def test_true_is_not_one_in_when(tmp_path: Path) -> None:
    text = f"""title: t
matrix: {{p: [true, 1, "true1"]}}{tail("p")}expect:
  - login.length: 0
  - {{when: {{p: 1}}, login.length: 1}}
"""
    assert [case.checks[0].expected for case in load_text(tmp_path, text)] == [0, 1, 0]
