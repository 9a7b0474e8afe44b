"""The catalogue says what it must, says it in order, and never expects anything but the standard. No browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from isolab.explain.explain import explain_case
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.isolation import document_isolation
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.resources import resource
from isolab.scenario.case import ENGINE_NAMES, Case, Check, Click, Navigate, Open, Popup, Redirect, Scalar
from isolab.scenario.doubts import doubts
from isolab.scenario.load import load_scenarios
from isolab.scenario.select import select_cases

CATALOGUE = resource("scenarios")
FILES = sorted(CATALOGUE.rglob("*.yaml"))
CASES = {case.id: case for case in load_scenarios([CATALOGUE])}

POPUPS = "isolation/popups[relation=cross-site"
# What the catalogue has to state, each with one case that states it and the value that must be expected there.
STATEMENTS: dict[str, tuple[str, str, Scalar]] = {
    "COOP alone does not isolate": ("isolation/coop-alone[coop=same-origin]", "app.crossOriginIsolated", False),
    "COEP alone does not isolate": ("isolation/coep-alone[coep=require-corp]", "app.crossOriginIsolated", False),
    "both isolate": (
        "isolation/require-corp-isolates[coop=same-origin,coep=require-corp]",
        "app.crossOriginIsolated",
        True,
    ),
    "isolation shares memory": (
        "isolation/require-corp-isolates[coop=same-origin,coep=require-corp]",
        "app.sharedMemory",
        True,
    ),
    "isolation gives a fine clock": (
        "isolation/require-corp-isolates[coop=same-origin,coep=require-corp]",
        "app.timers",
        "fine",
    ),
    "isolation lets memory be measured": (
        "isolation/memory-measurement[coep=require-corp]",
        "app.measureMemory",
        True,
    ),
    "credentialless isolates": ("isolation/credentialless[relation=cross-site]", "app.crossOriginIsolated", True),
    "soap does not isolate": (
        "isolation/allow-popups-does-not-isolate[coop=same-origin-allow-popups,coep=require-corp]",
        "app.crossOriginIsolated",
        False,
    ),
    "noopener-allow-popups does not isolate": (
        "isolation/allow-popups-does-not-isolate[coop=noopener-allow-popups,coep=require-corp]",
        "app.crossOriginIsolated",
        False,
    ),
    "a popup answers without COOP": (
        "signin/popup-postmessage[app.coop=absent,idp.coop=absent]",
        "app.says.signed-in",
        "token-of-alice",
    ),
    "same-origin silences it": (
        "signin/popup-postmessage[app.coop=same-origin,idp.coop=absent]",
        "app.says.signed-in",
        None,
    ),
    "soap brings it back": (
        "signin/popup-postmessage[app.coop=same-origin-allow-popups,idp.coop=absent]",
        "app.says.signed-in",
        "token-of-alice",
    ),
    "the provider's COOP silences it again": (
        "signin/popup-postmessage[app.coop=same-origin-allow-popups,idp.coop=same-origin]",
        "app.says.signed-in",
        None,
    ),
    "a redirect keeps isolation": ("signin/redirect[idp.coop=absent]", "app.says.isolated-after", True),
    "a redirect signs in": ("signin/redirect[idp.coop=same-origin]", "app.says.signed-in", "token-of-alice"),
    "an image needs CORP": (
        "isolation/embedded-resources[relation=cross-site,coep=require-corp,corp=absent,frame.coep=absent]",
        "app.picture",
        "blocked",
    ),
    "CORP lets it in": (
        "isolation/embedded-resources[relation=cross-site,coep=require-corp,corp=cross-origin,frame.coep=absent]",
        "app.picture",
        "loaded",
    ),
    "CORS lets it in": ("isolation/cors-instead-of-corp[coep=require-corp]", "app.picture-cors", "loaded"),
    "CORP same-site": ("isolation/corp-same-site[relation=same-site,corp=same-site]", "app.picture", "loaded"),
    "CORP without COEP": ("isolation/corp-without-coep[relation=cross-site,corp=same-site]", "app.data", "blocked"),
    "a no-cors fetch needs CORP": (
        "isolation/fetch[coep=require-corp,relation=cross-site]",
        "app.no-cors",
        "blocked",
    ),
    "a worker needs COEP": ("isolation/workers", "app.lax", "blocked"),
    "a worker is isolated": ("isolation/workers", "app.strict.sharedMemory", True),
    "a frame is handed isolation": (
        "isolation/frames[relation=cross-site,allow=cross-origin-isolated]",
        "app.frame.crossOriginIsolated",
        True,
    ),
    "a frame is not isolated by itself": (
        "isolation/frames[relation=cross-site,allow=absent]",
        "app.frame.crossOriginIsolated",
        False,
    ),
    "nested frames": ("isolation/nested-frames", "app.shell.widget.crossOriginIsolated", True),
    "plain http is no secure context": ("isolation/plain-http[scheme=http]", "app.isSecureContext", False),
    "plain http keeps the link": (
        "opener/plain-http[app.scheme=http,idp.scheme=http]",
        "popup.opener",
        "preserved",
    ),
    "window.open with noopener": ("opener/window-open-noopener[features=noopener]", "popup.opener", "noopener"),
    "window.open with noreferrer": ("opener/window-open-noopener[features=noreferrer]", "popup.opener", "noopener"),
    "a link to _blank": ('opener/link-rel[rel=""]', "popup.opener", "noopener"),
    "a link with rel=opener": ("opener/link-rel[rel=opener]", "popup.opener", "preserved"),
    "a real click on a link": ("opener/link-click[link=blank]", "popup.opener", "noopener"),
    "a named window is reused": ("opener/named-window-reused[relation=cross-site]", "first.url", "second"),
    "a named window is lost": ("opener/named-window-after-cut", "first.url", "first"),
    "a redirect alone cuts": ("opener/redirect-hop[hop.coop=same-origin]", "popup.opener", "severed"),
    "a redirect without COOP cuts": (
        "opener/redirect-hop-without-coop[coop=same-origin,hop.coop=absent]",
        "popup.opener",
        "severed",
    ),
    "bad hop 1": ("opener/redirect-chain[hop1=same-origin,hop2=absent,hop3=absent]", "login.opener", "severed"),
    "bad hop 2": ("opener/redirect-chain[hop1=absent,hop2=same-origin,hop3=absent]", "login.opener", "severed"),
    "bad hop 3": ("opener/redirect-chain[hop1=absent,hop2=absent,hop3=same-origin]", "login.opener", "severed"),
    "report-only cuts nothing": ("opener/report-only[app=same-origin,popup=absent]", "popup.opener", "preserved"),
    "report-only isolates nothing": (
        "isolation/report-only[coop=absent,coep=absent]",
        "app.crossOriginIsolated",
        False,
    ),
    "report-only blocks nothing": ("isolation/report-only[coop=absent,coep=absent]", "app.picture", "loaded"),
    "a later navigation cuts": (
        "opener/popup-navigates-later[start.coop=same-origin-allow-popups,by=location]",
        "popup.opener",
        "severed",
    ),
    "the opener's navigation cuts": ("opener/opener-navigates[next.coop=same-origin]", "popup.opener", "severed"),
    "opened blank": (
        "opener/blank-first[app.coop=same-origin-allow-popups,idp.coop=absent]",
        "login.opener",
        "preserved",
    ),
    "a trailing semicolon": ("opener/coop-spelling[coop=same-origin;]", "popup.opener", "preserved"),
    "a capital letter": ("opener/coop-spelling[coop=Same-Origin]", "popup.opener", "preserved"),
    "a parameter": (
        'opener/coop-spelling[coop="same-origin; report-to=\\"coop\\""]',
        "popup.opener",
        "severed",
    ),
    "twice": ("opener/coop-twice[second=same-origin]", "popup.opener", "preserved"),
    "closed by the user": ("opener/closed-by-user[idp.coop=same-origin]", "popup.open", False),
    "closed by itself": ("opener/closes-itself[idp.coop=same-origin]", "popup.open", False),
    "closed by its opener": ("opener/closed-by-opener-linked[relation=cross-site]", "popup.open", False),
    "close() does nothing after the cut": ("opener/closed-by-opener", "popup.open", True),
    "the handle of a linked popup": ("opener/handle[relation=same-origin,coop=absent]", "popup.domAccess", True),
    "the handle of a severed popup": ("opener/handle[relation=same-origin,coop=same-origin]", "popup.length", 0),
    "BroadcastChannel": (
        "signin/broadcast-channel[coep=require-corp,idp.coop=same-origin]",
        "app.says.signed-in",
        "token-of-alice",
    ),
    "COOP on a frame": ("isolation/coop-on-a-frame[frame.coop=same-origin]", "app.frame", "loaded"),
    "a popup isolates itself": (
        f"{POPUPS},app.coop=absent,app.coep=absent,popup.coop=same-origin,popup.coep=require-corp]",
        "popup.crossOriginIsolated",
        True,
    ),
    "an opener does not isolate its popup": (
        f"{POPUPS},app.coop=same-origin,app.coep=require-corp,popup.coop=absent,popup.coep=absent]",
        "popup.crossOriginIsolated",
        False,
    ),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CATALOGUE).as_posix())
def test_a_scenario_says_what_it_is_about(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len(data["title"]) <= 100
    assert len(data["about"].split()) >= 15
    assert data["tags"]
    assert all(urlsplit(link).scheme == "https" for link in data["links"])
    assert data["links"]


def test_the_catalogue_is_large_and_small_enough() -> None:
    assert len(FILES) >= 30
    for engine in ENGINE_NAMES:
        assert 200 <= sum(engine not in case.skip for case in CASES.values()) <= 2000


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_catalogue_states(statement: str) -> None:
    name, what, value = STATEMENTS[statement]
    assert [check.expected for check in CASES[name].checks if check.what == what and _is(check.expected, value)], (
        f"{name} does not expect {what} to be {value}"
    )


def _is(one: Scalar, other: Scalar) -> bool:
    return type(one) is type(other) and one == other


def test_every_pair_of_opener_policies_is_there_in_every_relation() -> None:
    values = (None, "unsafe-none", "same-origin-allow-popups", "same-origin", "noopener-allow-popups")
    wanted = {(a, b, r) for a in values for b in values for r in ("same-origin", "same-site", "cross-site")}
    matrix = [c.params for i, c in CASES.items() if i.startswith("opener/coop-matrix[")]
    assert {(p["app.coop"], p["popup.coop"], p["relation"]) for p in matrix} == wanted


def test_a_known_difference_has_a_bug_and_a_note_and_differs() -> None:
    for case, check in _checks():
        for difference in check.differences:
            where = f"{case.id}: {check.what} in {difference.engine}"
            assert urlsplit(difference.bug).scheme == "https", where
            assert difference.note, where
            assert not _is(difference.observed, check.expected), where


# --- the rules agree -------------------------------------------------------------------------------------------------


def test_the_rules_agree_with_every_link_that_can_be_foretold() -> None:
    told = [(case, check, _fate(case, check.subject)) for case, check in _checks() if check.fact == "opener"]
    foretold = [(case.id, check.what, check.expected, fate) for case, check, fate in told if fate]
    assert len(foretold) >= 150
    assert [row for row in foretold if row[2] != row[3]] == []


def test_the_rules_agree_with_the_isolation_of_every_page() -> None:
    told = []
    for case, check in _checks():
        pages = _pages_of(case, check.subject)
        if check.fact == "crossOriginIsolated" and pages:
            told.append((case.id, check.what, check.expected, document_isolation(_document(case, pages[-1])).isolated))
    assert len(told) >= 40
    assert [row for row in told if row[2] != row[3]] == []


def test_the_rules_name_a_response_for_every_cut_that_is_expected() -> None:
    """Also where people click: there the links are those that `isolab explain` follows."""
    told, blamed = [], []
    for case, check in _checks():
        link = next((link for link in explain_case(case).links if link.popup == check.subject), None)
        if check.fact == "opener" and link is not None and not _clicks_a_link(case):
            told.append((case.id, check.what, check.expected, link.fate))
            if check.expected == "severed":
                blamed.append((case.id, check.what, link.cut))
    assert [row for row in told if row[2] != row[3]] == []
    assert len(blamed) >= 200
    assert [row for row in blamed if row[2] is None] == []


def _clicks_a_link(case: Case) -> bool:
    """Which attributes it has only a browser knows."""
    return case.id.startswith("opener/link-click[")


def _checks() -> Iterator[tuple[Case, Check]]:
    return ((case, check) for case in CASES.values() for check in case.checks)


def _hops(case: Case, page: str) -> tuple[Hop, ...]:
    shown = case.pages[page]
    if not isinstance(shown.body, Redirect):
        return (Hop(shown.url, shown.origin, shown.status, shown.headers),)
    location = ("Location", case.pages[shown.body.to].url)
    return (Hop(shown.url, shown.origin, shown.status, (*shown.headers, location)), *_hops(case, shown.body.to))


def _document(case: Case, page: str) -> Document:
    return Document(_hops(case, page)[-1])


def _pages_of(case: Case, window: str) -> list[str]:
    """The pages that a window shows, or none where a page's own script or a click decides."""
    if any(isinstance(step, Click) for step in case.steps):
        return []
    return [s.page for s in case.steps if isinstance(s, Open | Popup | Navigate) and s.window == window]


def _fate(case: Case, window: str) -> str | None:
    """What the rules say of a link that a `popup` step of a window makes, with a name of its own and without clicks."""
    popup = next((s for s in case.steps if isinstance(s, Popup) and s.window == window), None)
    targets = [s.target for s in case.steps if isinstance(s, Popup) and s.target != "_blank"]
    if (
        popup is None
        or popup.frame
        or any(isinstance(s, Click) for s in case.steps)
        or len(set(targets)) < len(targets)
    ):
        return None
    before, after = case.steps[: case.steps.index(popup)], case.steps[case.steps.index(popup) + 1 :]
    opener = [s.page for s in before if isinstance(s, Open | Popup | Navigate) and s.window == popup.opener][-1]
    later = [s for s in after if isinstance(s, Navigate) and s.window in (window, popup.opener)]
    moves = [Navigation(_hops(case, s.page), "popup" if s.window == window else "opener") for s in later]
    life = [Navigation(_hops(case, popup.page)), *moves]
    return opener_fate(_document(case, opener), life, noopener=_asks_for_none(popup)).fate


def _asks_for_none(popup: Popup) -> bool:
    if popup.by == "link":
        words = popup.rel.split()
        return "noopener" in words or "noreferrer" in words or "opener" not in words
    features = dict(part.strip().lower().partition("=")[::2] for part in popup.features.split(",") if part)
    return any(features.get(word, "0") in ("", "1", "yes") for word in ("noopener", "noreferrer"))


@pytest.mark.parametrize("library", ["google", "microsoft", "firebase"])
@pytest.mark.parametrize("framework", ["django", "helmet"])
def test_a_broken_popup_is_found_by_the_names_that_people_know(library: str, framework: str) -> None:
    """In the words of somebody who has upgraded a framework, with what broke and what mends it."""
    found = select_cases(CASES.values(), grep=f"{library} popup {framework}")
    told = {check.expected for case in found for check in case.checks if check.what == "app.says.signed-in"}
    assert {None, "alice"} <= told


def test_no_header_is_a_slip_of_the_pen() -> None:
    assert doubts(CASES.values()) == ()
