from __future__ import annotations

from advised import by_the_rules, inquiry
from written_cases import only

from isolab.advise.answer import Answer
from isolab.advise.inquiry import conclude
from isolab.advise.losses import unseen
from isolab.advise.reasons import reasons
from isolab.scenario.case import ENGINE_NAMES

ADS = """
    title: A popup of the app's own, and a frame of somebody else's
    hosts: {app: , ads: cross-site}
    pages:
      app: {embed: {ad: {iframe: ad}, lost: {iframe: lost}, mine: {iframe: mine}}}
      ad: {host: ads}
      lost: {host: ads, headers: {X-Frame-Options: DENY}}
      mine: {}
      callback: {}
    flow: [open: app, {popup: popup, page: callback}]
    expect: {popup.opener: preserved}
"""


def answered(wish: str) -> Answer:
    found = inquiry(ADS, wish)
    return conclude(
        found, ENGINE_NAMES, [by_the_rules(case, engine) for case in found.cases for engine in ENGINE_NAMES]
    )


def test_what_blocks_nothing_that_loads_now_comes_first() -> None:
    answer = answered("strictest-popup")
    assert str(answer.found[0].combination) == "app: same-origin, callback: same-origin"
    (stricter,) = [line for line in reasons(answer) if line.startswith("1 in")]
    assert stricter.startswith(
        "1 in chromium, firefox, webkit: it works, but app.ad (https://ads.example/ad) is blocked: "
        "https://ads.example/ad sends no Cross-Origin-Resource-Policy"
    )


def test_where_nothing_else_isolates_what_it_blocks_is_said_and_only_what_loads_now() -> None:
    (loss,) = answered("isolated-popup").found[0].losses
    assert loss.startswith("app.ad (https://ads.example/ad) is blocked: ")


def test_nobody_knows_what_a_page_of_a_users_own_server_loads() -> None:
    text = """
    title: t
    hosts: {app: {upstream: "http://localhost:8000"}}
    pages: {app: {%s}}
    flow: [open: app]
    expect: {app.crossOriginIsolated: true}
    """
    assert unseen(only(text % "coep: require-corp"), "app")
    assert not unseen(only(text % ""), "app")
    assert not unseen(only(ADS), "app")
