"""One scenario of each kind in every engine that is here: what is expected is what the standards say."""

from __future__ import annotations

import textwrap

import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, assert_passed, flown_in
from written_cases import written

from isolab.runner.result import CaseResult
from isolab.scenario.case import ENGINE_NAMES, Case

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

HEAD = """
title: {name}
hosts: {{app: null, idp: cross-site, plain: http://plain.example}}
timeout: 30
"""
KINDS = {
    "preserved": """
        pages: {app: {}, popup: {host: idp}}
        flow: [open: app, popup: popup]
        expect: {popup.opener: preserved, popup.closed: false, popup.open: true}
    """,
    "severed": """
        pages: {app: {coop: same-origin}, popup: {host: idp}}
        flow: [open: app, popup: popup]
        expect: {popup.opener: severed, popup.closed: true, popup.open: true}
    """,
    "noopener": """
        pages: {app: {}, popup: {host: idp}}
        flow: [open: app, {popup: popup, features: noopener}]
        expect: {popup.opener: noopener, popup.open: true}
    """,
    "noopener-link": """
        pages: {app: {}, popup: {host: idp}}
        flow: [open: app, {popup: popup, by: link}]
        expect: {popup.opener: noopener, popup.open: true}
    """,
    "redirect-hop": """
        pages: {app: {}, hop: {redirect: end, coop: same-origin}, end: {}}
        flow: [open: app, {popup: popup, page: hop}]
        expect: {popup.opener: severed, popup.url: end}
    """,
    "embeds": """
        pages:
          app: {coep: require-corp, embed: {shut: {image: bare}, free: {image: shared}, frame: {iframe: bare-frame}}}
          bare: {host: idp, fixture: image}
          shared: {host: idp, fixture: image, corp: cross-origin}
          bare-frame: {host: idp}
        flow: [open: app]
        expect: {app.shut: blocked, app.free: loaded, app.frame: blocked}
    """,
    "silent-frames": """
        pages:
          app: {coep: require-corp, embed: {shut: {iframe: bare}, there: {iframe: quiet}}}
          bare: {host: idp}
          quiet: {host: idp, coep: require-corp, corp: cross-origin}
        flow: [open: app]
        expect: {app.there.says.error: null, app.shut.says.error: null}
    """,
    "worker": """
        pages:
          app: {coop: same-origin, coep: require-corp, embed: {w: {worker: code}}}
          code: {fixture: worker, coep: require-corp}
        flow: [open: app]
        expect: {app.w: loaded, app.w.crossOriginIsolated: true}
    """,
    "isolation": """
        pages: {app: {coop: same-origin, coep: require-corp}}
        flow: [open: app]
        expect: {app.crossOriginIsolated: true, app.isSecureContext: true}
    """,
    "plain-http": """
        pages: {app: {host: plain, coop: same-origin, coep: require-corp}, popup: {host: plain}}
        flow: [open: app, popup: popup]
        expect: {app.isSecureContext: false, app.crossOriginIsolated: false, popup.opener: preserved}
    """,
    "sign-in": """
        pages:
          app: {fixture: signin-app, with: {provider: "${{ url.login }}"}}
          login: {host: idp, fixture: signin-provider}
        flow: [open: app, {click: "#sign-in", opens: login}, {click: "#approve", in: login}]
        expect:
          app.says.signed-in: token-of-alice
          login.says.delivered: true
          login.open: false
          login.opener: preserved
    """,
    "closes-itself-on-click": """
        pages:
          app: {}
          popup: {host: idp, html: "<button onclick='isolab.say(`bye`); window.close()'>x</button>"}
        flow: [open: app, popup: popup, {click: button, in: popup}, {wait: popup, closed: true}]
        expect: {popup.says.bye: true, popup.open: false, app.open: true}
    """,
    "only-window-closed": """
        pages: {app: {}}
        flow: [open: app, close: app]
        expect: {app.open: false}
    """,
    "reused-by-name": """
        pages: {app: {}, first: {}, second: {host: idp}}
        flow: [open: app, {popup: first, target: shared}, {popup: second, target: shared}]
        expect: {second.url: second, first.url: second, second.opener: preserved, second.open: true}
    """,
    "mute-frame-counts-once": """
        pages:
          app:
            html: |
              <button>open</button><script>
                let most = 0, handle = null;
                const look = () => {
                  if (handle.length > most) isolab.say('most', most = handle.length);
                  if (!handle.closed) setTimeout(look);
                };
                document.querySelector('button').onclick = () => { handle = open(isolab.urls.popup); look(); };
              </script>
          popup: {coep: require-corp, embed: {shut: {iframe: refused}}}
          refused: {host: idp}
        flow: [open: app, {click: button, opens: popup}]
        expect: {popup.shut: blocked, popup.length: 1, app.says.most: 1}
    """,
    "opener-closes-what-loads": """
        provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}, signed_in: true, consented: true}
        pages:
          app: {signin: {open: {way: blank}, watch: {location: {every: 1}}, close: true}}
          login: {endpoint: login}
          callback: {}
        flow: [open: app, {click: "#sign-in", opens: popup, loads: callback}]
        expect: {app.says.signed-in: alice, popup.open: false, popup.opener: preserved}
    """,
    **{
        f"answer-by-{mode}": f"""
        provider: {{clients: {{spa: {{redirect_uris: ["${{{{ url.callback }}}}"]}}}}}}
        pages:
          app: {{signin: {{response_mode: {mode}, watch: {{message: {{}}}}}}}}
          callback: {{returns: {{post: self}}}}
        flow:
          - open: app
          - {{click: "#sign-in", opens: popup, loads: login}}
          - {{click: "#sign-in", in: popup, loads: consent}}
          - {{click: "#allow", in: popup, loads: {page}}}
        expect: {{app.says.signed-in: alice, popup.says.delivered: true, popup.opener: preserved}}
        """
        for mode, page in {"query": "callback", "fragment": "callback", "web_message": "finish"}.items()
    },
    "answer-by-form": """
        provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}}
        pages:
          app: {signin: {response_mode: form_post, channels: {server: {every: 1}}}}
          callback: {coop: same-origin}
        flow:
          - open: app
          - {click: "#sign-in", opens: popup, loads: login}
          - {click: "#sign-in", in: popup, loads: consent}
          - {click: "#allow", in: popup, loads: callback}
        expect: {popup.url: callback, popup.opener: severed}
    """,
    "form-into-a-blank-popup": """
        provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}}
        pages:
          app: {signin: {open: {way: blank, by: form, target: posted}, watch: {message: {}}}}
          callback: {returns: {post: self}}
        flow:
          - open: app
          - {click: "#sign-in", opens: popup, loads: login}
          - {click: "#cancel", in: popup, loads: callback}
        expect: {app.says.error: access_denied, popup.opener: preserved}
    """,
    "answer-to-somebody-else": """
        provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}, answer: {state: forged}, consented: true}
        pages: {app: {signin: {watch: {message: {}}}}, callback: {returns: {post: self}}}
        flow:
          - open: app
          - {click: "#sign-in", opens: popup, loads: login}
          - {click: "#sign-in", in: popup, loads: callback}
        expect: {app.says.error: state mismatch, app.says.signed-in: null}
    """,
    "swap-between-load-and-click": """
        pages:
          app: {}
          popup: {host: idp, html: "<script>setTimeout(() => location.href = isolab.urls.apart)</script>"}
          apart: {host: idp, coop: same-origin, html: "<button onclick='isolab.say(`clicked`)'>x</button>"}
        flow: [open: app, popup: popup, {wait: popup, page: apart}, {click: button, in: popup}]
        expect: {popup.says.clicked: true, popup.opener: severed, popup.url: apart}
    """,
}


def cases() -> list[Case]:
    made = []
    for name, text in KINDS.items():
        made += written(HEAD.format(name=name) + textwrap.dedent(text), f"{name}.yaml")
    return made


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def results(request: pytest.FixtureRequest) -> dict[str, CaseResult]:
    """All kinds, in one run of the engine."""
    told = flown_in(engine_named(request.param), cases())
    return {result.case.id: result for result in told.results}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_as_the_standards_say(results: dict[str, CaseResult], kind: str) -> None:
    result = results[kind]
    assert_passed(result)


def test_the_predictions_agree(results: dict[str, CaseResult]) -> None:
    contrary = [
        (result.case.id, check.check.what, check.observed, check.predicted)
        for result in results.values()
        for check in result.checks
        if check.predicted not in (None, check.observed)
    ]
    assert contrary == []


def test_a_cut_names_its_response(results: dict[str, CaseResult]) -> None:
    cut = results["redirect-hop"].cut
    assert cut is not None
    assert (cut.url, cut.status, cut.redirect) == ("https://app.example/hop", 302, True)
