"""What happened in a case, as each engine that is here tells it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import written

from isolab.runner.moment import Moment
from isolab.runner.result import CaseResult
from isolab.scenario.case import ENGINE_NAMES, EngineName

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

SIGN_IN = """
    title: A sign-in that posts its token
    hosts: {app: null, idp: cross-site}
    pages:
      app:
        html: |
          <button id="login" onclick="window.open('${{ url.login }}')">Sign in</button>
          <script>
            onmessage = event => { event.source.postMessage('thanks', '*'); isolab.say('token', event.data) }
          </script>
      login:
        host: idp
        coop: ${{ coop }}
        html: |
          <button id="ok" onclick="opener.postMessage({ token: 't0k3n' }, '*')">Approve</button>
          <script>onmessage = () => isolab.say('thanked')</script>
    matrix: {coop: [null, same-origin]}
    flow:
      - open: app
      - {click: "#login", opens: login}
      - {click: "#ok", in: login}
    expect:
      - login.opener: preserved
        login.says.thanked: true
      - {when: {coop: same-origin}, login.opener: severed, login.says.thanked: null}
"""


def _by_coop(results: Sequence[CaseResult]) -> tuple[Sequence[Moment], Sequence[Moment]]:
    """The timelines without and with the header."""
    found = {result.case.params["coop"]: result for result in results}
    assert {result.outcome for result in found.values()} == {"passed"}
    return found[None].timeline, found["same-origin"].timeline


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_messages_and_the_group_switch_are_told(name: EngineName) -> None:
    kept, cut = _by_coop(flown_in(engine_named(name), written(SIGN_IN)).results)
    heard = [(one["window"], one["from"], one["text"]) for one in kept if one["kind"] == "message" and one["heard"]]
    assert ("app", "login", '{"token":"t0k3n"}') in heard
    assert ("login", "app", "thanks") in heard
    assert ("app", "login", "greeting") in heard
    assert [one for one in kept if one["kind"] == "switch"] == []
    (switch,) = (one for one in cut if one["kind"] == "switch")
    assert (switch["window"], switch["severed"]) == ("login", True)
    assert switch["header"] == "Cross-Origin-Opener-Policy: same-origin"
    assert [one["heard"] for one in cut if one["kind"] == "message"] == [False]
    assert [one["window"] for one in cut if one["kind"] == "error"] == ["login"]
    for moments in (kept, cut):
        assert [one["window"] for one in moments if one["kind"] == "response"] == ["app", "login"]
        assert [one["text"] for one in moments if one["kind"] == "step"] == ["open app", "click #login", "click #ok"]
