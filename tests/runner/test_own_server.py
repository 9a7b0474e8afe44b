"""Cases whose pages come from a server of the user's own: flown, predicted, held against a control, and given up."""

from __future__ import annotations

import pytest
from fake_browser import FakeEngine
from fake_pages import FakeDocument, Ways
from flying import facts, flown, ran
from own_upstream import OwnUpstream, Response, own_upstream
from written_cases import only

from isolab.lab.client import NOBODY_LISTENS
from isolab.reports.exit_code import EXIT_UNAVAILABLE
from isolab.reports.tally import Tally
from isolab.runner.control import control_case, control_key, sends_no_isolation_header
from isolab.runner.schedule import leaves_no_trace
from isolab.scenario.case import Case

HTML = ("Content-Type", "text/html")
COOP = ("Cross-Origin-Opener-Policy", "same-origin")


def case(own: OwnUpstream, expect: str = "popup.opener: severed", steps: str = "popup: popup") -> Case:
    return only(f"""
    title: Own server
    hosts: {{app: {{upstream: "{own.url}"}}, idp: cross-site}}
    pages:
      app: {{path: /}}
      popup: {{host: idp}}
      login: {{host: app, path: /login}}
      start: {{host: app, path: /go}}
    flow: [open: app, {steps}]
    expect: {{{expect}}}
    timeout: 5
    """)


def test_what_it_sends_cuts_the_link_as_predicted_and_counts_because_the_control_keeps_it() -> None:
    with own_upstream({"/": Response(headers=(HTML, COOP))}) as own:
        (result,) = ran([case(own)]).results
    (check,) = result.checks
    assert (result.outcome, check.observed, check.predicted, check.error) == ("passed", "severed", "severed", None)
    assert result.cut is not None
    assert (result.cut.url, result.cut.from_policy) == ("https://idp.example/popup", "same-origin")
    assert any("Django" in setter for setter in result.cut.usually_set_by)


def test_an_engine_that_enforces_nothing_proves_nothing_of_headers_that_only_the_server_knows() -> None:
    with own_upstream({"/": Response(headers=(HTML, COOP))}) as own:
        engine = FakeEngine(ways=Ways(severs=False))
        (result,) = ran([case(own, "popup.opener: preserved")], engine).results
    assert result.outcome == "error"
    assert "does not enforce COOP" in (result.checks[0].error or "")


def test_nothing_is_predicted_where_a_document_showed_that_no_page_stands_for() -> None:
    async def astray(document: FakeDocument) -> None:
        unknown = "https://g1.app.example/unknown"
        await document.open(unknown)
        await document.handles[-1].navigate(unknown)
        await document.handles[-1].navigate(str(document.config["urls"]["popup"]))

    with own_upstream({"/": Response(), "/unknown": Response(headers=(HTML, COOP))}) as own:
        steps = '{click: "#x", opens: popup}'
        flight = flown(case(own, "popup.opener: preserved", steps), Ways(clicks={"#x": astray}))
    assert list(flight.predicted.values()) == [None]
    assert "where the scenario has no page: https://app.example/unknown" in (flight.record.strayed() or "")


@pytest.mark.parametrize("location", ["/login", "https://app.example/login"])
def test_a_window_is_known_again_behind_the_servers_own_redirect(location: str) -> None:
    answers = {"/": Response(), "/go": Response("", (("Location", location), COOP), 302), "/login": Response()}
    with own_upstream(answers) as own:
        flight = flown(case(own, "popup.url: login, popup.opener: severed", "{popup: popup, page: start}"))
    assert flight.step_error is None
    assert facts(flight)["popup.url"] == "login"
    predictions = {check.what: one for check, one in flight.predicted.items() if one}
    assert predictions["popup.opener"].value == "severed"
    cut = predictions["popup.opener"].cut
    assert cut is not None
    assert (cut.url, cut.redirect) == ("https://app.example/go", True)


def test_one_that_does_not_answer_is_one_error_at_its_address() -> None:
    with own_upstream({}) as own:
        one = case(own)
    told = ran([one])
    (result,) = told.results
    why = f"the server that plays host `app` is not to be had: {own.url} does not answer: {NOBODY_LISTENS}"
    assert (result.outcome, result.error, result.checks) == ("error", why, ())
    assert result.error_span == next(iter(one.upstreams.values())).span
    # As soon as it is known, not when the case's time is over.
    assert result.duration_s < one.timeout_s
    tally = Tally()
    for event in told.events:
        tally(event)
    assert (tally.exit_code(), tally.unavailable) == (EXIT_UNAVAILABLE, [why])


def test_such_a_case_is_no_control_of_its_own_and_shares_nothing() -> None:
    with own_upstream({}) as own, own_upstream({}) as other:
        one, two = case(own), case(other)
    assert not sends_no_isolation_header(one)
    assert sends_no_isolation_header(control_case(one))
    assert control_key(one, "chromium") == control_key(case(own), "chromium") != control_key(two, "chromium")
    assert not leaves_no_trace(one, "chromium")
