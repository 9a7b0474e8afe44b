"""Real clicks in frames, wherever these are: what they hit, what opens from there, and what the frames say."""

from __future__ import annotations

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, assert_passed, flown_in
from written_cases import only

from isolab.runner.options import RunOptions
from isolab.runner.press import NOT_IN_FRAMES
from isolab.scenario.case import ENGINE_NAMES, EngineName

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

PADS = ", ".join(f"pad-{n}: {{iframe: pad}}" for n in range(12))

CASE = """
    title: Clicks in a frame below the fold, and in a frame of another site below that one's
    hosts: {app: , widget: RELATION, inner: RELATION}
    pages:
      app: {embed: {PADS, widget: {iframe: widget}}}
      pad: {corp: cross-origin}
      widget:
        host: widget
        fixture: signin-app
        with: {provider: "${{ url.popup }}"}
        embed: {PADS, inner: {iframe: inner}}
      inner:
        host: inner
        html: |
          <div style="height: 3000px"></div>
          <button onclick="isolab.say('wrong')">no</button>
          <button id="yes">yes</button>
          <script>
            document.querySelector('#yes').onclick = event => {
              isolab.say('trusted', event.isTrusted);
              window.open(isolab.urls.second);
            };
          </script>
      popup: {host: widget, fixture: signin-provider}
      second: {host: inner, html: "<script>isolab.say(`opener`, opener !== null)</script>"}
    flow:
      - open: app
      - {click: "#sign-in", in: app.widget, opens: popup}
      - {click: "#approve", in: popup}
      - {wait: app.widget, says: signed-in}
      - {click: "#yes", in: app.widget.inner, opens: second}
    expect:
      app.widget.says.signed-in: token-of-alice
      app.widget.inner.says.trusted: true
      app.widget.inner.says.wrong: null
      popup.opener: preserved
      second.opener: preserved
      second.says.opener: true
    timeout: 15
""".replace("PADS", PADS)

BLOCKED = only("""
    title: What a frame says later, and a button that is not there
    hosts: {app: , widget: cross-site}
    pages:
      app: {embed: {widget: {iframe: widget}}}
      widget: {host: widget, html: "<script>onload = () => setTimeout(() => isolab.say(`late`, 1), 50)</script>"}
    flow: [open: app, {wait: app.widget, says: late}, {click: "#moon", in: app.widget}]
    expect: {app.widget.says.late: 1}
    timeout: 10
""")


@pytest.mark.parametrize("name", ENGINE_NAMES)
@pytest.mark.parametrize("relation", ["same-site", "cross-site"])
def test_a_click_hits_what_is_meant_in_the_frame_that_is_meant(name: EngineName, relation: str) -> None:
    case = only(CASE.replace("RELATION", relation))
    engine = engine_named(name)
    if name == "firefox" and not engine.bundled and relation == "cross-site":
        # Its driver makes a click in the process of the top-level document, and frames of other sites have their own.
        (result,) = flown_in(engine, [case], RunOptions(timeout_s=60)).results
        assert NOT_IN_FRAMES in (result.error or "")
        # It is told when nothing more will come, not when the time of the whole case is up.
        assert result.duration_s < 60
        return
    told = flown_in(engine, [case, case])
    for result in told.results:
        assert_passed(result)


def test_what_is_not_there_is_named_and_what_was_said_stays() -> None:
    (result,) = flown_in(engine_named("chromium"), [BLOCKED]).results
    assert [check.observed for check in result.checks] == [1]
    assert result.error is not None
    assert "nothing that can be seen matches #moon" in result.error


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_what_is_no_selector_is_told_at_once(name: EngineName) -> None:
    case = only("""
        title: A slip of the pen
        pages: {app: {}}
        flow: [open: app, click: "##"]
        expect: {app.says.done: true}
    """)
    (result,) = flown_in(engine_named(name), [case]).results
    assert "SyntaxError" in str(result.error)
    assert result.duration_s < case.timeout_s
