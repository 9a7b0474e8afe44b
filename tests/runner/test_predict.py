from __future__ import annotations

import pytest
from flying import flown
from written_cases import only

from isolab.runner.predict import Prediction
from isolab.runner.trial import Flown
from isolab.scenario.case import Scalar


def flight(pages: str, steps: str, expect: str) -> Flown:
    return flown(
        only(f"""
    title: T
    hosts: {{app: null, idp: cross-site}}
    pages: {pages}
    flow: {steps}
    expect: {expect}
    """)
    )


def predicted(pages: str, steps: str, expect: str) -> list[Scalar]:
    found = flight(pages, steps, expect).predicted
    return [one.value if one else None for one in found.values()]


@pytest.mark.parametrize(
    ("app", "popup", "fate"),
    [
        ("{}", "{host: idp}", "preserved"),
        ("{coop: same-origin}", "{host: idp}", "severed"),
        ("{coop: same-origin}", "{coop: same-origin}", "preserved"),
        ("{coop: same-origin-allow-popups}", "{host: idp}", "preserved"),
        ("{}", "{host: idp, coop: same-origin}", "severed"),
        ("{coop: same-orign}", "{host: idp}", "preserved"),
    ],
)
def test_the_fate_of_a_popup(app: str, popup: str, fate: str) -> None:
    pages = f"{{app: {app}, popup: {popup}}}"
    assert predicted(pages, "[open: app, popup: popup]", "{popup.opener: preserved}") == [fate]


@pytest.mark.parametrize(
    ("step", "fate"),
    [
        ("{popup: popup, features: noopener}", "noopener"),
        ("{popup: popup, features: 'popup,noreferrer=1'}", "noopener"),
        ("{popup: popup, features: 'noopener=no,width=3'}", "preserved"),
        ("{popup: popup, features: 'noopener=0'}", "preserved"),
        ("{popup: popup, by: link}", "noopener"),
        ("{popup: popup, by: link, rel: opener}", "preserved"),
        ("{popup: popup, by: link, rel: opener noreferrer}", "noopener"),
        ("{popup: popup, by: link, target: named}", "preserved"),
        ("{popup: popup, by: link, target: named, rel: noopener}", "noopener"),
    ],
)
def test_the_way_of_opening(step: str, fate: str) -> None:
    # HTML, 4.6.4 (get an element's noopener) and 7.2.2.1 (window open steps).
    found = flight("{app: {}, popup: {}}", f"[open: app, {step}]", "{popup.opener: preserved}").predicted
    (one,) = found.values()
    assert isinstance(one, Prediction)
    assert one.value == fate


def test_the_response_that_cuts_is_named() -> None:
    pages = "{app: {}, hop: {redirect: popup, coop: same-origin}, popup: {host: idp}}"
    (one,) = flight(pages, "[open: app, {popup: popup, page: hop}]", "{popup.opener: severed}").predicted.values()
    assert one is not None
    assert one.value == "severed"
    assert one.cut is not None
    assert (one.cut.url, one.cut.redirect) == ("https://app.example/hop", True)
    assert one.cut.header == "Cross-Origin-Opener-Policy: same-origin"
    assert (one.cut.from_policy, one.cut.to_policy) == ("unsafe-none", "same-origin")


def test_a_later_navigation_cuts_as_well() -> None:
    pages = "{app: {}, popup: {host: idp}, end: {host: idp, coop: same-origin}}"
    steps = "[open: app, popup: popup, {navigate: popup, page: end}]"
    assert predicted(pages, steps, "{popup.opener: severed}") == ["severed"]


@pytest.mark.parametrize(
    ("app", "fact", "value"),
    [
        ("coop: same-origin, coep: require-corp", "crossOriginIsolated", True),
        ("coop: same-origin", "crossOriginIsolated", False),
        ("coop: same-origin, coep: credentialless", "crossOriginIsolated", True),
        ("coop: same-origin, coep: require-corp", "isSecureContext", True),
        ("coop: same-origin, coep: require-corp", "url", None),
    ],
)
def test_facts_of_a_page(app: str, fact: str, value: Scalar) -> None:
    expected = "app" if fact == "url" else str(bool(value)).lower()
    assert predicted(f"{{app: {{{app}}}}}", "[open: app]", f"{{app.{fact}: {expected}}}") == [value]


@pytest.mark.parametrize(
    ("app", "expect", "told"),
    [
        ("{coep: require-corp}", "app.crossOriginIsolated: true", "send `Cross-Origin-Opener-Policy: same-origin`"),
        (
            "{coep: require-corp, embed: {logo: {image: logo}}}",
            "app.logo: loaded",
            "send `Cross-Origin-Resource-Policy: cross-origin`",
        ),
        ("{embed: {logo: {image: logo}}}", "app.logo: loaded", ""),
    ],
)
def test_what_mends_it_goes_with_the_prediction(app: str, expect: str, told: str) -> None:
    pages = f"{{app: {app}, logo: {{host: idp, fixture: image}}}}"
    (one,) = flight(pages, "[open: app]", f"{{{expect}}}").predicted.values()
    assert one is not None
    assert one.mend.partition(" on ")[0] == told
