from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB, page

from isolab.policy.coep import CoepValue
from isolab.policy.corp import check_resource_policy, read_corp
from isolab.policy.terms import Origin

HTTP_APP, HTTP_SUB = Origin("http", "app.example"), Origin("http", "login.app.example")


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("same-origin", "same-origin"),
        (" same-site\t", "same-site"),
        ("cross-origin", "cross-origin"),
        ("Same-Origin", None),
        ("same-origin; a=b", None),
        ("same-origin, same-origin", None),
        ("same, same-origin", None),
        ("*", None),
        ("", None),
    ],
)
def test_the_header_is_read_to_the_letter(sent: str, value: str | None) -> None:
    assert read_corp(page(corp=sent).headers) == value


def test_two_lines_are_no_value() -> None:
    assert read_corp([("cross-origin-resource-policy", "same-origin")] * 2) is None


@pytest.mark.parametrize(
    ("initiator", "response", "corp", "allowed"),
    [
        (APP, APP, "same-origin", True),
        (APP, Origin("https", "app.example", 8443), "same-origin", False),
        (APP, Origin("https", "app.example", 8443), "same-site", True),
        (APP, SUB, "same-origin", False),
        (APP, SUB, "same-site", True),
        (APP, IDP, "same-site", False),
        (APP, IDP, "cross-origin", True),
        (APP, IDP, None, True),
        (APP, IDP, "nonsense", True),
        (HTTP_APP, SUB, "same-site", False),
        (HTTP_APP, APP, "same-site", False),
        (HTTP_APP, HTTP_SUB, "same-site", True),
        (APP, HTTP_SUB, "same-site", True),
        (None, APP, "same-origin", False),
        (None, APP, "same-site", False),
        (None, APP, "cross-origin", True),
    ],
)
def test_plain_corp(initiator: Origin | None, response: Origin, corp: str | None, allowed: bool) -> None:
    assert check_resource_policy(initiator, page(response, corp=corp), "unsafe-none").allowed is allowed


@pytest.mark.parametrize(
    ("coep", "credentialed", "navigation", "allowed"),
    [
        ("unsafe-none", True, False, True),
        ("require-corp", False, False, False),
        ("credentialless", False, False, True),
        ("credentialless", True, False, False),
        ("credentialless", False, True, False),
        ("require-corp", False, True, False),
        ("unsafe-none", True, True, True),
    ],
)
def test_a_strict_embedder_makes_same_origin_the_default(
    coep: CoepValue, credentialed: bool, navigation: bool, allowed: bool
) -> None:
    found = check_resource_policy(APP, page(SUB), coep, navigation=navigation, credentialed=credentialed)
    assert found.allowed is allowed


def test_frames_of_a_document_without_coep_are_free_of_corp() -> None:
    assert check_resource_policy(APP, page(IDP, corp="same-origin"), "unsafe-none", navigation=True).allowed
    assert not check_resource_policy(APP, page(IDP, corp="same-origin"), "require-corp", navigation=True).allowed


def test_the_reason_says_what_was_missing() -> None:
    assert check_resource_policy(APP, page(IDP, "/logo.png"), "require-corp").reason == (
        "https://idp.example/logo.png sends no Cross-Origin-Resource-Policy; under Cross-Origin-Embedder-Policy: "
        "require-corp that means same-origin, and it is of another origin than https://app.example"
    )


@pytest.mark.parametrize(
    ("initiator", "told"),
    [(Origin("https", "app.example", 3000), True), (SUB, False), (HTTP_APP, False), (None, False)],
)
def test_that_another_port_is_another_origin_is_said_where_only_the_port_differs(
    initiator: Origin | None, told: bool
) -> None:
    verdict = check_resource_policy(initiator, page(APP, corp="same-origin"), "unsafe-none")
    assert verdict.reason.endswith(": another port is another origin") is told
