"""A server of the user's own behind a host, in real engines: redirects, cookies, forms, a policy that silences it."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs_blocks import marked
from own_upstream import Response, own_upstream
from real_runs import SELENIUM_WARNS, flown_in

from isolab.engines.engine import Engine
from isolab.reports.failure import messages
from isolab.runner.result import CaseResult
from isolab.scenario.load import load_scenarios

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

HTML = ("Content-Type", "text/html; charset=utf-8")
APP = """<!doctype html><title>App</title>
<button id="go" onclick="window.open('/start')">Sign in</button>
<script>
  addEventListener('message', event => isolab.say('heard', `${event.origin === 'https://app.example'} ${event.data}`));
</script>"""
DONE = """<!doctype html><title>Done</title><script>
  isolab.say('cookie', document.cookie);
  if (opener) opener.postMessage('done', 'https://app.example');
</script>"""
SCENARIO = """
title: A login of one's own
timeout: 60
hosts: {app: {upstream: "URL"}, idp: cross-site}
pages:
  app: {path: /, coop: "${{ app.coop }}"}
  done: {host: app, path: /done}
  login:
    host: idp
    html: "<!doctype html><form method=post action='${{ origin.app }}/session'><button id=in>In</button></form>"
matrix: {app.coop: [null, same-origin, same-origin-allow-popups]}
flow:
  - open: app
  - {click: "#go", opens: popup, loads: login}
  - {click: "#in", in: popup, loads: done}
expect:
  - popup.opener: preserved
    popup.says.cookie: "a=1; b=2"
    app.says.heard: true done
  - when: {app.coop: same-origin}
    popup.opener: severed
    app.says.heard: null
"""


def _ran(engine: Engine, folder: Path, text: str) -> list[CaseResult]:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return flown_in(engine, load_scenarios([path])).results


def test_a_login_over_redirects_forms_and_cookies(engine: Engine, tmp_path: Path) -> None:
    answers = {
        "/": Response(APP, (HTML, ("Cross-Origin-Opener-Policy", "same-origin"))),
        "/start": Response("", (("Location", "https://idp.example/login"),), 302),
        "/session": Response(
            "", (("Location", "/done"), ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/")), 303
        ),
        "/done": Response(DONE, (HTML,)),
    }
    with own_upstream(answers) as own:
        results = _ran(engine, tmp_path, SCENARIO.replace("URL", own.url))
    assert [(result.outcome, result.error) for result in results] == [("passed", None)] * 3
    cuts = {str(result.case.params["app.coop"]): result.cut for result in results if result.cut}
    assert list(cuts) == ["same-origin"]
    assert (cuts["same-origin"].url, cuts["same-origin"].redirect) == ("https://app.example/start", True)
    assert {asked.headers["origin"] for asked in own.asked if asked.method == "POST"} == {"https://idp.example"}


def test_the_app_of_the_readme(engine: Engine, tmp_path: Path) -> None:
    answers = {
        "/": Response(
            """<!doctype html><title>App</title><button id="login" onclick="window.open('/signin')">In</button>"""
        ),
        "/signin": Response(
            """<!doctype html><title>Sign in</title>
            <button id="ok" onclick="opener.postMessage('token', origin); window.close()">OK</button>"""
        ),
    }
    with own_upstream(answers) as own:
        text = marked("README.md", "own app").replace("http://127.0.0.1:8000", own.url)
        allowed, cut = _ran(engine, tmp_path, f"{text}\ntimeout: 8\n")
    assert (allowed.outcome, allowed.error) == ("passed", None)
    assert cut.outcome == "failed"
    told = "\n".join(messages(cut, None))
    assert "signin.opener is severed" in told
    alike = "= mend: send on https://app.example/signin the Cross-Origin headers of https://app.example/ as well"
    assert told.count(alike) == 1
    assert "or send `Cross-Origin-Opener-Policy: same-origin-allow-popups` on https://app.example/" in told


def test_a_policy_that_silences_isolab_is_named_with_what_it_has_to_allow(chromium: Engine, tmp_path: Path) -> None:
    policy = "default-src 'self'; script-src 'self'"
    answers = {"/": Response(APP, (HTML, ("Content-Security-Policy", policy)))}
    with own_upstream(answers) as own:
        text = f"""
title: Silent
hosts: {{app: {{upstream: "{own.url}"}}}}
pages: {{app: {{path: /}}}}
flow: [open: app]
expect: {{app.crossOriginIsolated: false}}
timeout: 4
"""
        (silent,) = _ran(chromium, tmp_path, text)
        allowed = "{path: /, headers: {Content-Security-Policy: \"script-src 'nonce-isolab'; connect-src 'self'\"}}"
        (mended,) = _ran(chromium, tmp_path, text.replace("{path: /}", allowed).replace("timeout: 4", "timeout: 60"))
    assert silent.outcome == "failed"
    assert f"Content-Security-Policy may forbid it: app ({policy})" in (silent.error or "")
    assert "script-src 'nonce-isolab' and connect-src 'self'" in (silent.error or "")
    assert (mended.outcome, mended.error) == ("passed", None)
