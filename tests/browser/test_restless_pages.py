"""Pages that act by themselves while they are looked at, in every engine that is here."""

from __future__ import annotations

import textwrap

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, flown_in
from written_cases import written

from isolab.runner.result import CaseResult
from isolab.scenario.case import ENGINE_NAMES, Case

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

RESTLESS = {
    "moves-on-at-once": """
        pages:
          app: {}
          first: {host: idp, html: "<script>location.href = '${{ url.second }}'</script>"}
          second: {host: idp, coop: same-origin}
        flow: [open: app, popup: first]
        expect: {first.url: second, first.opener: severed}
    """,
    "moves-on-twice": """
        pages:
          app: {html: "<script>setTimeout(() => location.replace('${{ url.hop }}'))</script>"}
          hop: {html: "<script>location.href = '${{ url.end }}'</script>"}
          end: {coop: same-origin, coep: require-corp}
        flow: [open: app]
        expect: {app.url: end, app.crossOriginIsolated: true}
    """,
    "moves-on-before-it-has-a-body": """
        pages:
          app: {html: "<script>location.href = '${{ url.end }}'</script>"}
          end: {coop: same-origin}
        flow: [open: app]
        expect: {app.url: end}
    """,
    "moves-on-by-a-form": """
        pages:
          app:
            html: "<form action='${{ url.end }}'></form><script>setTimeout(() => document.forms[0].submit())</script>"
          end: {coop: same-origin}
        flow: [open: app]
        expect: {app.url: end}
    """,
    "stops-loading": """
        pages:
          app: {html: "<script>stop()</script>", embed: {}}
        flow: [open: app]
        expect: {app.url: app}
    """,
    "moves-within": """
        pages:
          app: {html: "<script>setTimeout(() => { location.hash = 'x'; history.pushState(0, '', '#y') })</script>"}
        flow: [open: app]
        expect: {app.isSecureContext: true}
    """,
    "refreshes": """
        pages:
          app: {}
          first: {host: idp, headers: {Refresh: "0; url=${{ url.second }}"}}
          second: {host: idp}
        flow: [open: app, popup: first]
        expect: {first.url: second, first.opener: preserved}
    """,
    "says-twice": """
        pages:
          app:
            html: "<script>isolab.say('state', 'begun'); fetch('/').then(() => isolab.say('state', 'done'))</script>"
        flow: [open: app, {wait: app, says: state}]
        expect: {app.says.state: done}
    """,
    "says-on-a-message": """
        pages:
          app: {html: "<script>onmessage = e => { if (e.data === 'hi') isolab.say('got', e.data) }</script>"}
          popup: {host: idp, html: "<script>opener.postMessage('hi', '*')</script>"}
        flow: [open: app, popup: popup]
        expect: {app.says.got: null}
    """,
    "opens-later": """
        pages:
          app:
            html: >-
              <button id=go>go</button>
              <script>go.onclick = () => setTimeout(() => open('${{ url.popup }}'), 150)</script>
          popup: {host: idp, coop: same-origin}
        flow: [open: app, {click: "#go", opens: popup}]
        expect: {popup.opener: severed, popup.closed: true, popup.open: true}
    """,
    "opens-later-without-opener": """
        pages:
          app:
            html: >-
              <button id=go>go</button>
              <script>go.onclick = () => setTimeout(() => open('${{ url.popup }}', '_blank', 'noopener'), 150)</script>
          popup: {host: idp}
        flow: [open: app, {click: "#go", opens: popup}]
        expect: {popup.opener: noopener, popup.open: true}
    """,
    "frame-that-its-parent-forbids": """
        pages:
          app: {headers: {Content-Security-Policy: "frame-src 'none'"}, embed: {inner: {iframe: inner}}}
          inner: {host: idp}
        flow: [open: app]
        expect: {app.inner: loaded}
    """,
    "paints": """
        pages:
          app: {html: "<p>x</p><script>requestAnimationFrame(() => isolab.say('painted'))</script>"}
          popup: {html: "<p>x</p><script>requestAnimationFrame(() => isolab.say('painted'))</script>"}
        flow: [open: app, popup: popup]
        expect: {app.says.painted: true, popup.says.painted: true}
    """,
    "draws": """
        pages:
          app:
            html: |
              <style>@keyframes turn { to { rotate: 1 1 0 1turn } } p { animation: turn 0.1s infinite }</style>
              <p>x</p><canvas></canvas>
              <script>
                const gl = document.querySelector('canvas').getContext('webgl')
                // Headless Firefox has none without a graphics card.
                if (gl || !navigator.userAgent.includes('Firefox')) gl.clear(gl.COLOR_BUFFER_BIT)
                const turned = new Promise((done) => addEventListener('animationiteration', done))
                const changed = document.startViewTransition(() => {}).finished
                Promise.all([turned, changed]).then(() => isolab.say('drawn'))
              </script>
        flow: [open: app]
        expect: {app.says.drawn: true}
    """,
    "policy-of-its-own": """
        pages:
          app: {headers: {Content-Security-Policy: "default-src 'none'; script-src 'nonce-isolab'; connect-src 'self'"}}
        flow: [open: app]
        expect: {app.isSecureContext: true}
    """,
    "policy-that-silences": """
        timeout: 4
        pages: {app: {headers: {Content-Security-Policy: "default-src 'none'"}}}
        flow: [open: app]
        expect: {app.isSecureContext: true}
    """,
}
WRONG = ("says-on-a-message", "frame-that-its-parent-forbids", "policy-that-silences")
"""What these expect is not so; the rest is."""


def _cases() -> list[Case]:
    text = "title: restless\nhosts: {app: null, idp: cross-site}\n"
    return [case for name, body in RESTLESS.items() for case in written(text + textwrap.dedent(body), f"{name}.yaml")]


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def results(request: pytest.FixtureRequest) -> dict[str, CaseResult]:
    told = flown_in(engine_named(request.param), _cases())
    return {result.case.id: result for result in told.results}


@pytest.mark.parametrize("name", [name for name in RESTLESS if name not in WRONG])
def test_it_is_judged_by_what_it_comes_to(results: dict[str, CaseResult], name: str) -> None:
    result = results[name]
    seen = {check.check.what: (check.observed, check.error) for check in result.checks}
    assert result.outcome == "passed", (seen, result.error)


def test_silence_is_not_concluded_while_a_message_is_on_its_way(results: dict[str, CaseResult]) -> None:
    check = results["says-on-a-message"].checks[0]
    assert (check.observed, check.ok) == ("hi", False)


def test_a_frame_that_the_page_forbids_is_blocked_at_once(results: dict[str, CaseResult]) -> None:
    result = results["frame-that-its-parent-forbids"]
    assert result.checks[0].observed == "blocked"


def test_a_page_whose_policy_silences_it_is_told(results: dict[str, CaseResult]) -> None:
    result = results["policy-that-silences"]
    assert result.outcome == "failed"
    assert "app (default-src 'none')" in (result.error or "")
