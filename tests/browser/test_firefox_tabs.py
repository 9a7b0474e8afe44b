"""Popups show in tabs in Firefox, unless a preference or `--headed` says otherwise; their links do not depend on it."""

from __future__ import annotations

import pytest
from real_runs import flown_in
from written_cases import written

from isolab.engines.engine import Engine
from isolab.runner.options import RunOptions

pytestmark = pytest.mark.browser

POPUP = """
    title: A popup with features, and what its opener sees of itself
    hosts: {app: , idp: cross-site}
    pages:
      app:
        coop: "${{ coop }}"
        html: |
          <button id="login">Sign in</button>
          <button id="look">Look</button>
          <script>
            login.onclick = () => open('${{ url.popup }}', 'login', 'popup,width=400,height=300');
            look.onclick = () => isolab.say('looks', document.visibilityState);
          </script>
      popup: {host: idp}
    matrix: {coop: [null, same-origin]}
    flow:
      - open: app
      - click: "#login"
        opens: popup
      - click: "#look"
        in: app
    expect:
      - app.says.looks: VISIBILITY
      - popup.opener: preserved
      - when: {coop: same-origin}
        popup.opener: severed
    timeout: 20
"""


@pytest.mark.parametrize(
    ("preferences", "visibility"), [({}, "hidden"), ({"browser.link.open_newwindow.restriction": 2}, "visible")]
)
def test_a_popup_is_a_tab_unless_windows_are_asked_for(
    firefox: Engine, preferences: dict[str, bool | int | str], visibility: str
) -> None:
    if firefox.bundled:
        pytest.skip("Playwright's own Firefox has its own way of opening windows")
    told = flown_in(
        firefox, written(POPUP.replace("VISIBILITY", visibility)), RunOptions(firefox_preferences=preferences)
    )
    assert told.outcomes == {"[coop=absent]": "passed", "[coop=same-origin]": "passed"}
