from __future__ import annotations

from advised import CALLBACK, LIBRARY
from written_cases import only, written

from isolab.advise.own import own_pages, popups


def test_the_app_s_pages_are_those_on_the_site_of_the_page_that_opens() -> None:
    own = own_pages(written(CALLBACK)[0])
    assert (own.app, own.window, own.others, own.parts) == ("app", "app", ("callback",), ())


def test_the_provider_s_endpoints_are_given_even_on_the_app_s_site() -> None:
    own = own_pages(only(LIBRARY.replace("idp: cross-site", "idp: same-site")))
    assert own.others == ("callback",)


def test_a_page_that_shows_in_the_popup_first_is_the_app_s_as_well() -> None:
    text = LIBRARY.replace("{signin: {preset: msal-4}}", "{signin: {preset: okta-idp, open: {page: start}}}")
    text = text.replace("returns: {preset: msal-4}}", "returns: {preset: okta-idp}}\n      start: {}")
    assert own_pages(only(text)).others == ("start", "callback")


PARTS = """
    title: t
    hosts: {app: null, sso: same-site, idp: cross-site}
    pages:
      entry: {redirect: app}
      app:
        embed: {mine: {iframe: mine}, work: {worker: work}, picture: {image: picture}, theirs: {iframe: theirs}}
      mine: {}
      work: {fixture: worker}
      picture: {fixture: image}
      theirs: {host: idp}
      sso: {host: sso, redirect: login}
      login: {host: idp}
      unused: {}
    flow: [open: entry, {popup: popup, page: sso, from: entry}]
    expect: {popup.opener: preserved}
"""


def test_hops_count_and_frames_and_workers_are_parts() -> None:
    own = own_pages(only(PARTS))
    assert (own.app, own.window) == ("app", "entry")
    assert own.others == ("entry", "sso")
    assert own.parts == ("mine", "work")


def test_a_flow_without_a_popup_is_about_its_first_page() -> None:
    case = only("""
        title: t
        pages: {app: {}, other: {}}
        flow: [open: app, {navigate: app, page: other}]
        expect: {app.url: other}
    """)
    assert popups(case) == ()
    assert (own_pages(case).app, own_pages(case).others) == ("app", ("other",))
