"""Sign-ins to ask advice for, and engines that do exactly what the rules say."""

from __future__ import annotations

from collections.abc import Sequence

from written_cases import written

from isolab.advise.inquiry import Inquiry, inquire
from isolab.advise.wish import WISHES
from isolab.explain.explain import explain_case
from isolab.explain.flow import Walk
from isolab.explain.setters import usual_setters
from isolab.policy.group_switch import opener_fate
from isolab.runner.result import CaseResult, CheckResult, Cut
from isolab.scenario.case import Case, Check, EngineName, Fixture, Scalar, same

CALLBACK = """
    title: The app's callback page answers the opener
    hosts: {app: , idp: cross-site}
    pages:
      app: {fixture: signin-app, with: {provider: "${{ url.login }}"}, coop: "${{ app.coop }}"}
      login: {host: idp, fixture: signin-provider, with: {return: "${{ url.callback }}"}}
      callback: {fixture: signin-callback}
    matrix: {app.coop: [null, same-origin]}
    flow:
      - open: app
      - {click: "#sign-in", opens: popup, loads: login}
      - {click: "#approve", in: popup, loads: callback}
      - {wait: app, says: popup}
    expect:
      - app.says.signed-in: token-of-alice
        popup.opener: preserved
      - when: {app.coop: same-origin}
        app.says.signed-in: null
        popup.opener: severed
"""
"""A sign-in that needs its opener, as its second case says."""

LIBRARY = """
    title: A library that looks where its popup is
    hosts: {app: , idp: cross-site}
    provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}}
    pages:
      app: {signin: {preset: msal-4}}
      callback: {returns: {preset: msal-4}}
    flow:
      - open: app
      - {click: "#sign-in", opens: popup, loads: login}
      - {click: "#sign-in", in: popup, loads: consent}
      - {click: "#allow", in: popup, loads: callback}
    expect: {app.says.signed-in: alice}
"""
"""A sign-in by the mechanisms of `signin:`; nothing says what becomes of it under COOP."""


def inquiry(text: str, wish: str = "strictest-popup", stated: Sequence[str] = ()) -> Inquiry:
    """What is asked of all cases of a scenario file."""
    cases = written(text)
    return inquire(cases, cases, WISHES[wish], stated, 5.0)


def by_the_rules(case: Case, engine: EngineName, *, dead: Sequence[str] = ()) -> CaseResult:
    """What an engine shows that does as the standard says; `dead` are those that cut every link of a popup.

    WebKit does not know `credentialless`, and has no SharedArrayBuffer, as its builds for Linux have none.
    """
    checks = tuple(_check(check, case, engine, dead) for check in case.checks if engine in check.engines)
    ok = all(check.ok for check in checks)
    return CaseResult(case, engine, "passed" if ok else "failed", 0.1, checks, dict(_cuts(case)))


def _cuts(case: Case) -> list[tuple[str, Cut]]:
    found = []
    for name, window in Walk(case).windows.items():
        cut = opener_fate(window.creator, window.life).cut if window.creator else None
        if cut is not None:
            setters = tuple(map(str, usual_setters(cut, case.pages["app"].origin)))
            told = Cut(cut.url, cut.status, cut.header, cut.from_policy, cut.to_policy, usually_set_by=setters)
            found.append((name, told))
    return found


def _check(check: Check, case: Case, engine: EngineName, dead: Sequence[str]) -> CheckResult:
    by_rules = _facts(case, check)
    predicted = by_rules.get(check.what)
    observed = predicted
    if engine in dead and check.fact == "opener":
        observed = "severed"
    if check.fact == "says.signed-in":
        linked = engine not in dead and not _is_cut_in_the_popup(case)
        observed = check.expected if linked or _has_channel(case) else None
    if engine == "webkit" and check.fact in ("crossOriginIsolated", "SharedArrayBuffer"):
        knows = all("credentialless" not in value for page in case.pages.values() for _, value in page.headers)
        observed = bool(predicted) and knows and check.fact == "crossOriginIsolated"
    difference = next((d for d in check.differences if d.engine == engine and same(d.observed, observed)), None)
    ok = same(observed, check.expected) or difference is not None
    return CheckResult(check, observed, predicted, ok=ok, difference=difference, reason="by the rules")


def _is_cut_in_the_popup(case: Case) -> bool:
    """Whether the link goes while the popup is on its way; that its opener goes away comes after the sign-in."""
    hops = (hop for link in explain_case(case).links for hop in link.hops)
    return any(hop.switches and hop.window == "popup" for hop in hops)


def _facts(case: Case, check: Check) -> dict[str, Scalar]:
    told = explain_case(case)
    found: dict[str, Scalar] = {f"{link.popup}.opener": link.fate for link in told.links}
    for page in told.pages:
        found |= {f"{page.window}.{fact}": page.isolated for fact in ("crossOriginIsolated", "SharedArrayBuffer")}
    return found


def _has_channel(case: Case) -> bool:
    """Whether a callback page posts on a channel."""
    bodies = (page.body for page in case.pages.values() if isinstance(page.body, Fixture))
    return any("channel" in body.options or "broadcast" in str(body.options.get("plan")) for body in bodies)
