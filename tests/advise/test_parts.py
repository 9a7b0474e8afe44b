from __future__ import annotations

from advised import inquiry
from written_cases import only

from isolab.advise.formats.page import page_headers
from isolab.advise.own import own_pages
from isolab.advise.stance import STANCES, Stance
from isolab.advise.variant import variant
from isolab.explain.explain import explain_case

COOP, COEP, CORP = "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy"
TEXT = """
    title: Frames in frames, of another origin, behind a redirect, and one that shows in the popup as well
    hosts: {app: , cms: same-site}
    pages:
      app: {embed: {cms: {iframe: cms}, moved: {iframe: moved}, renew: {iframe: callback}, work: {worker: work}}}
      cms: {host: cms, coop: same-origin, embed: {inner: {iframe: inner}, again: {iframe: cms}}}
      inner: {host: cms, headers: {Cross-Origin-Resource-Policy: cross-origin}}
      moved: {redirect: target}
      target: {}
      work: {fixture: worker}
      callback: {}
    flow: [open: app, {popup: popup, page: callback}]
    expect: {popup.opener: preserved}
"""


def test_each_part_is_the_response_that_comes_in_the_end_and_so_are_the_frames_in_it() -> None:
    assert own_pages(only(TEXT)).parts == ("cms", "inner", "target", "callback", "work")


def test_what_is_configured_is_what_was_flown() -> None:
    found = inquiry(TEXT, "isolated-popup")
    for candidate in found.plan.flown:
        told = page_headers(found.given.pages, candidate.combination.stances, found.goal.own)
        assert {page.name for page in told} == {"app", "callback", "cms", "inner", "target", "work"}
        for page in told:
            for name, value in page.headers.items():
                assert candidate.case.pages[page.name].header(name) == value


def test_with_it_every_part_loads() -> None:
    found = inquiry(TEXT, "isolated-popup")
    strict = found.plan.flown[0].case
    (app,) = [page for page in explain_case(strict).pages if page.window == "app"]
    loads = {embed.name: embed.load for embed in app.embeds}
    assert {"cms", "cms.inner", "moved", "renew", "work"} <= loads.keys()
    assert set(loads.values()) == {"loaded"}
    assert app.isolated


def test_a_resource_policy_is_asked_of_another_origin_alone_and_what_is_sent_stays() -> None:
    found = inquiry(TEXT, "isolated-popup")
    stances = {"app": STANCES[0], "callback": Stance("same-origin")}
    told = {page.name: page.headers for page in page_headers(found.given.pages, stances, found.goal.own)}
    assert told["cms"] == {COEP: "require-corp", CORP: "same-site"}
    assert told["inner"] == told["target"] == told["work"] == {COEP: "require-corp"}
    # It shows in the popup too: what was measured with it there is what it sends.
    assert told["callback"] == {COOP: "same-origin", COEP: None}
    pages = variant(found.given, found.goal, stances, "n", hopeless=False, limit_s=3).pages
    assert (pages["cms"].header(COOP), pages["inner"].header(CORP)) == ("same-origin", "cross-origin")


def test_without_isolation_nothing_is_asked_of_parts() -> None:
    found = inquiry(TEXT)
    stances = {"app": Stance("same-origin"), "callback": Stance("same-origin")}
    assert [page.name for page in page_headers(found.given.pages, stances, found.goal.own)] == ["app", "callback"]
