from __future__ import annotations

import pytest
from policy_world import APP, IDP, Sent, document, goes, page, redirect

from isolab.policy.document import Document
from isolab.policy.group_switch import passages
from isolab.policy.life import Navigation
from isolab.policy.report_coop import OpenerReport, navigation_reports, virtually_apart, would_switch

OPENER, POPUP = "https://app.example/", "https://app.example/popup"
SO, SOAP = "same-origin", "same-origin-allow-popups"


def to(name: str) -> str:
    return f'; report-to="{name}"'


def test_both_sides_of_a_switch_report_it() -> None:
    life = [goes(page(path="/popup", coop=SO + to("popup"), coep="require-corp"))]
    assert navigation_reports(document(coop=SOAP + to("opener")), life) == (
        OpenerReport("navigation-to-response", "enforce", "same-origin-plus-coep", "popup", POPUP, OPENER),
        OpenerReport("navigation-from-response", "enforce", SOAP, "opener", OPENER, next_response_url=POPUP),
    )


def test_nothing_is_sent_without_an_endpoint_or_a_switch() -> None:
    assert navigation_reports(document(coop=SO), [goes(page())]) == ()
    assert navigation_reports(document(coop=SO + "; report-to=token"), [goes(page())]) == ()
    kept = [goes(page(coop=SO + to("popup")))]
    assert navigation_reports(document(coop=SO + to("opener")), kept) == ()


def test_unsafe_none_has_an_endpoint_too() -> None:
    (found,) = navigation_reports(document(coop=SO), [goes(page(coop="unsafe-none" + to("popup")))])
    assert (found.effective_policy, found.endpoint) == ("unsafe-none", "popup")


def test_a_value_that_browsers_do_not_know_has_an_endpoint_all_the_same() -> None:
    (found,) = navigation_reports(document(coop="same-origin"), [goes(page(coop='no-such-value; report-to="popup"'))])
    assert (found.effective_policy, found.endpoint) == ("unsafe-none", "popup")
    assert not navigation_reports(document(coop="same-origin"), [goes(page(coop='"same-origin"; report-to="popup"'))])


def test_the_url_before_is_told_to_its_own_origin_only() -> None:
    (found,) = navigation_reports(document(coop=SO), [goes(page(IDP, coop=SO + to("popup")))])
    assert found.previous_response_url is None


def test_the_url_after_is_told_to_the_one_who_navigates() -> None:
    opener = document(coop=SO + to("opener"))
    (found,) = navigation_reports(opener, [goes(page(IDP))])
    assert found.next_response_url == "https://idp.example/"
    (found,) = navigation_reports(opener, [Navigation((page(IDP),), by_itself=False)])
    assert found.next_response_url is None
    (found,) = navigation_reports(opener, [Navigation((page(path="/popup"),), by_itself=False)])
    assert found.next_response_url == POPUP


def test_a_redirect_is_the_source_of_what_it_leads_to() -> None:
    life = [Navigation((redirect(coop=SO + to("redirect")), page(IDP)), by_itself=False)]
    away = [each for each in navigation_reports(document(coop=SO), life) if each.type == "navigation-from-response"]
    assert [each.next_response_url for each in away] == ["https://idp.example/"]


@pytest.mark.parametrize(
    ("opener", "opener_ro", "popup", "popup_ro", "switches"),
    [
        (None, None, None, None, False),
        (None, None, None, SO, True),
        (None, SO, None, None, True),
        (None, SO, None, SO, False),
        (SO, None, None, SO, False),
        (None, SO, SO, None, False),
        (SO, SO, None, None, True),
        (SOAP, SO, SOAP, SO, False),
    ],
)
def test_report_only_policies_are_compared_with_both_of_the_other_side(
    opener: str | None, opener_ro: str | None, popup: str | None, popup_ro: str | None, switches: bool
) -> None:
    (passage,) = passages(document(coop=opener, coop_ro=opener_ro), [goes(page(coop=popup, coop_ro=popup_ro))])
    assert would_switch(passage) is switches


def test_a_report_only_policy_with_coep_of_either_kind_isolates() -> None:
    life = [goes(page(path="/popup", coop_ro=SO + to("ro"), coep_ro="require-corp"))]
    assert navigation_reports(document(), life) == (
        OpenerReport("navigation-to-response", "reporting", "same-origin-plus-coep", "ro", POPUP, OPENER),
    )


def test_one_switch_may_send_four() -> None:
    def both(name: str) -> Sent:
        return {"coop": SOAP + to(name), "coop_ro": SO + to(f"{name}-ro")}

    found = navigation_reports(document(**both("opener")), [goes(page(IDP, **both("popup")))])
    assert [report.endpoint for report in found] == ["popup", "opener", "popup-ro", "opener-ro"]


def test_every_response_of_the_navigation_that_cuts_reports_and_none_after_it() -> None:
    cuts = goes(redirect(coop=SO + to("redirect")), page(path="/popup"))
    found = navigation_reports(document(), [cuts, goes(page(coop=SO + to("later")))])
    assert [(report.type, report.url) for report in found] == [
        ("navigation-to-response", "https://app.example/go"),
        ("navigation-from-response", "https://app.example/go"),
    ]


def test_a_window_alone_in_its_group_reports_nothing() -> None:
    life = [goes(page(coop=SO + to("popup")))]
    assert navigation_reports(document(), life, noopener=True) == ()
    assert navigation_reports(document(IDP, document(coop=SO + to("opener"))), life) == ()
    assert len(navigation_reports(document(), life)) == 1


def test_what_a_frame_opens_reports_for_its_top_where_they_are_same_origin() -> None:
    top = document(coop=SO + to("top"))
    assert len(navigation_reports(Document(page(APP, path="/frame"), top), [goes(page())])) == 1


def test_report_only_would_part_windows() -> None:
    assert virtually_apart(document(), [goes(page(coop_ro=SO))])
    assert not virtually_apart(document(coop_ro=SO), [goes(page(coop_ro=SO))])
