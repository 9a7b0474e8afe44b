from __future__ import annotations

from written_cases import only

from isolab.explain.flow import BY_CLICK, BY_ITSELF, Walk, Window

PAGES = """
    title: t
    hosts: {app: null, idp: cross-site}
    pages:
      app: {}
      other: {coop: same-origin}
      login: {host: idp}
      next: {host: idp, redirect: login}
"""


def windows(flow: str, expect: str = "app.url: app") -> dict[str, Window]:
    return Walk(only(f"{PAGES}    flow: [{flow}]\n    expect: {{{expect}}}\n")).windows


def life(window: Window) -> list[tuple[str, list[str]]]:
    return [(each.window, [hop.url for hop in each.hops]) for each in window.life]


LOGIN, NEXT = "https://idp.example/login", "https://idp.example/next"


def test_a_popup_has_the_document_that_its_opener_showed_then() -> None:
    found = windows("open: app, popup: login, {navigate: app, page: other}", "app.url: other")
    assert (found["login"].creator and found["login"].creator.url) == "https://app.example/app"
    assert life(found["login"]) == [("popup", [LOGIN]), ("opener", ["https://app.example/other"])]
    assert found["app"].page == "other"


def test_redirects_are_on_the_way_of_a_navigation() -> None:
    found = windows("open: app, {popup: login, page: next}")
    assert life(found["login"]) == [("popup", [NEXT, LOGIN])]


def test_waiting_for_a_page_and_expecting_it_tell_where_a_window_goes_by_itself() -> None:
    waited = windows("open: app, {popup: p, page: login}, {wait: p, page: other}")
    expected = windows("open: app, {popup: p, page: login}", "p.url: other")
    for found in (waited, expected):
        assert life(found["p"]) == [("popup", [LOGIN]), ("popup", ["https://app.example/other"])]


def test_a_click_that_opens_a_window_is_taken_to_keep_the_opener() -> None:
    window = windows("open: app, {click: '#x', opens: login}")["login"]
    assert (window.assumption, window.noopener) == (BY_CLICK, False)


def test_a_window_that_a_page_opens_by_itself_is_taken_to_have_an_opener() -> None:
    window = windows("open: app, {popup: login, by: self}")["login"]
    assert (window.assumption, window.noopener, window.opened_by) == (BY_ITSELF, False, "app")


def test_a_click_that_loads_a_page_navigates_its_own_window() -> None:
    found = windows("open: app, popup: login, {click: '#x', in: login, loads: other}")
    assert life(found["login"])[-1] == ("popup", ["https://app.example/other"])


def test_a_name_finds_the_window_again_as_long_as_the_link_lasts() -> None:
    again = "{popup: b, page: login, from: app, target: w}"
    kept = windows(f"open: app, {{popup: a, page: login, target: w}}, {again}")
    assert kept["a"] is kept["b"]
    assert len(kept["a"].life) == 2
    cut = windows(f"open: app, {{popup: a, page: other, target: w}}, {again}")
    assert cut["a"] is not cut["b"]


def test_ways_of_opening_without_an_opener() -> None:
    found = windows(
        "open: app, {popup: a, page: login, features: noopener}, {popup: b, page: login, by: link, from: app}"
    )
    assert (found["a"].noopener, found["b"].noopener) == (True, True)


def test_a_window_of_its_own_has_no_life_as_a_popup() -> None:
    found = windows("open: app, {navigate: app, page: other}", "app.url: other")["app"]
    assert (found.creator, found.life, found.keeps_opener) == (None, [], False)


def test_a_click_in_a_page_whose_frames_get_no_opener_is_told_to_be_one() -> None:
    window = windows("open: app, {navigate: app, page: other}, {click: '#x', opens: login}", "app.url: other")["login"]
    assert window.assumption.startswith(BY_CLICK)
    assert "If a frame of another origin opens it, window.open returns null there" in window.assumption
    assert "https://app.example/other around it sends Cross-Origin-Opener-Policy: same-origin" in window.assumption


def test_a_frame_that_opens_a_window_is_its_opener() -> None:
    case = only("""
    title: t
    hosts: {app: null, idp: cross-site}
    pages:
      app: {embed: {widget: {iframe: away, sandbox: allow-scripts}}}
      away: {redirect: widget}
      widget: {host: idp, embed: {inner: {iframe: inner}}}
      inner: {}
      login: {host: idp}
    flow: [open: app, {popup: login, from: app.widget.inner}]
    expect: {login.opener: preserved}
    """)
    window = Walk(case).windows["login"]
    assert window.opened_by == "app.widget.inner"
    assert window.creator is not None
    assert [each.url for each in window.creator.lineage()] == [
        "https://app.example/inner",
        "https://idp.example/widget",
        "https://app.example/app",
    ]
    assert window.creator.origin is None  # sandboxed with the frame around it
