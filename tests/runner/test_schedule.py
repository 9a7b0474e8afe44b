from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_cases import only, written

from isolab.runner.schedule import (
    MOST_IN_A_GROUP,
    Agenda,
    Unit,
    control_unit,
    leaves_no_trace,
    share_key,
    with_controls,
)
from isolab.scenario.case import Case, EngineName

POPUPS = """
    title: Popups
    pages: {app: {%s}, popup: {headers: {Permissions-Policy: "fullscreen=(${{ n }})"}}}
    matrix: {n: [%s]}
    flow: [open: app, %s]
    expect: {popup.opener: preserved}
"""


def popups(count: int, app: str = "", step: str = "popup: popup") -> list[Case]:
    return written(POPUPS % (app, ", ".join(map(str, range(count))), step))


def test_cases_whose_first_document_is_the_same_share_it() -> None:
    one, two = popups(2)
    assert share_key(one, "firefox") == share_key(two, "firefox") is not None


@pytest.mark.parametrize(
    ("app", "step"),
    [
        ("coop: same-origin", "popup: popup"),
        ("path: /else", "popup: popup"),
        ("status: 404", "popup: popup"),
    ],
)
def test_another_response_is_not_shared(app: str, step: str) -> None:
    assert share_key(popups(1)[0], "firefox") != share_key(popups(1, app, step)[0], "firefox") is not None


@pytest.mark.parametrize(
    ("app", "step"),
    [
        ("html: <p>", "popup: popup"),
        ("fixture: signin-app", "popup: popup"),
        ("embed: {f: {iframe: popup}}", "popup: popup"),
        ("", "{navigate: app, page: popup}, popup: popup"),
        ("", "popup: popup, close: app"),
        ("", 'popup: popup, {click: "#x"}'),
        ("", "popup: popup, {open: second, page: popup}"),
        ("", "popup: popup, {wait: app, says: x}"),
        ("", "{popup: popup, target: named}"),
    ],
)
def test_what_may_leave_traces_in_the_first_window_is_not_shared(app: str, step: str) -> None:
    assert share_key(popups(1, app, step)[0], "firefox") is None


@pytest.mark.parametrize(
    ("popup", "traceless"),
    [
        ("", True),
        ("coop: same-origin", True),
        ("redirect: app", True),
        ("fixture: script.js, corp: same-site", True),
        ("embed: {frame: {iframe: app}}", True),
        ("embed: {picture: {image: app}}", False),
        ("html: <p>", False),
        ("fixture: signin-callback", True),
        ("fixture: signin-callback, with: {channel: c}", False),
        ("headers: {Set-Cookie: a=1}", False),
        ("headers: {Cache-Control: max-age=9}", False),
    ],
)
def test_a_case_whose_pages_may_store_something_is_alone_with_it(popup: str, traceless: bool) -> None:
    text = "title: T\npages: {app: {}, popup: {%s}}\nflow: [open: app, popup: popup]\nexpect: {app.url: app}\n"
    case = only(text % popup)
    assert leaves_no_trace(case, "firefox") is traceless
    assert (share_key(case, "firefox") is not None) is traceless


@pytest.mark.parametrize(("engine", "traceless"), [("chromium", True), ("firefox", False), ("webkit", False)])
def test_where_what_a_page_loaded_comes_again_from_memory_is_the_engine_s(engine: EngineName, traceless: bool) -> None:
    (case,) = popups(1, "embed: {picture: {image: popup}}")
    assert leaves_no_trace(case, engine) is traceless


def test_a_fact_measured_on_demand_is_measured_in_a_document_of_its_own() -> None:
    text = "\n    title: T\n    pages: {app: {}}\n    flow: [open: app]\n    expect: {app.%s: false}\n"
    assert share_key(only(text % "sharedMemory"), "firefox") != share_key(only(text % "crossOriginIsolated"), "firefox")


ALL = [*popups(3), *popups(3, "coop: same-origin"), *popups(2, "html: <p>")]


def numbered(picked: list[int]) -> list[Case]:
    return [replace(ALL[kind], id=f"{number}") for number, kind in enumerate(picked)]


@given(st.lists(st.integers(0, len(ALL) - 1), max_size=60))
def test_every_case_is_flown_exactly_once_and_groups_share_a_key(picked: list[int]) -> None:
    cases = numbered(picked)
    agenda = Agenda(map(Unit, cases), "firefox")
    groups = []
    while (group := agenda.next()) is not None:
        groups.append(group)
    assert sorted((unit.case.id for group in groups for unit in group), key=int) == [case.id for case in cases]
    for group in groups:
        assert 1 <= len(group) <= MOST_IN_A_GROUP
        assert len(group) == 1 or len({share_key(unit.case, "firefox") for unit in group}) == 1
        assert len(group) == 1 or share_key(group[0].case, "firefox") is not None
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)


@given(st.lists(st.integers(0, len(ALL) - 1), min_size=1, max_size=40), st.data())
def test_what_is_put_back_or_added_comes_again_once(picked: list[int], data: st.DataObject) -> None:
    cases = numbered(picked)
    agenda = Agenda(map(Unit, cases), "firefox")
    done: list[str] = []
    put_back = 0
    while (group := agenda.next()) is not None:
        finished = data.draw(st.integers(0, len(group))) if put_back < 5 else len(group)
        put_back += finished < len(group)
        done += [unit.case.id for unit in group[:finished]]
        agenda.put_back(group[finished:])
    assert sorted(done, key=int) == [case.id for case in cases]


def test_a_unit_that_may_have_killed_the_browser_waits_till_the_others_are_done() -> None:
    first, second = popups(2, "html: <p>")
    agenda = Agenda([Unit(first), Unit(second)], "firefox")
    killer = agenda.next()
    assert killer == (Unit(first),)
    agenda.put_back(killer)
    assert [agenda.next(), agenda.next()] == [(Unit(second),), (Unit(first),)]


def test_the_rest_is_taken_off() -> None:
    agenda = Agenda(map(Unit, popups(2, "html: <p>")), "firefox")
    agenda.add(control_unit(popups(1, "coop: same-origin")[0], "chromium"))
    assert [unit.control is None for unit in agenda.rest()] == [True, True, False]
    assert (agenda.next(), agenda.rest()) == (None, [])


def test_controls_that_will_be_asked_for_are_units_from_the_beginning() -> None:
    cases = written("""
    title: Severed, or not
    hosts: {app: null, idp: cross-site}
    pages: {app: {coop: "${{ coop }}"}, popup: {host: idp, path: "/${{ n }}"}}
    matrix: {coop: [null, same-origin], n: [1, 2]}
    flow: [open: app, popup: popup]
    expect:
      - when: {coop: same-origin}
        popup.opener: severed
      - when: {coop: null}
        popup.opener: preserved
    """)
    severed = [case for case in cases if case.params["coop"]]
    assert [unit.control for unit in with_controls(cases, "chromium")] == [None] * 4, "siblings are the controls"
    alone = with_controls(severed, "chromium")
    assert [unit.case.id.startswith("control of ") for unit in alone] == [False, False, True, True]
    assert len({unit.control for unit in alone}) == 3


def test_cases_that_are_looked_up_one_at_a_time_wait_for_each_other_in_one_slot() -> None:
    text = """
    title: The browser asks
    hosts: {app: null, idp: cross-site}
    provider: {fedcm: %s, clients: {spa: {redirect_uris: ["${{ url.app }}"]}}}
    pages: {app: {headers: {X-Number: "${{ n }}"}}}
    matrix: {n: [1, 2, 3]}
    flow: [open: app]
    expect: {app.url: app}
    """
    for fedcm, sizes in (("true", [3]), ("false", [1, 1, 1])):
        agenda = Agenda([Unit(case) for case in written(text % fedcm)], "chromium")
        assert [len(group) for group in iter(agenda.next, None)] == sizes
