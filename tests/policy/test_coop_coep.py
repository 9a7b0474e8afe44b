from __future__ import annotations

import pytest
from policy_world import page

from isolab.policy.coep import obtain_embedder_policy
from isolab.policy.coop import obtain_opener_policy


@pytest.mark.parametrize(
    ("coop", "coep", "value"),
    [
        (None, None, "unsafe-none"),
        (None, "require-corp", "unsafe-none"),
        ("unsafe-none", "require-corp", "unsafe-none"),
        ("same-origin", None, "same-origin"),
        ("same-origin", "unsafe-none", "same-origin"),
        ("same-origin", "require-corp;", "same-origin"),
        ("same-origin", "require-corp", "same-origin-plus-COEP"),
        ("same-origin", "credentialless", "same-origin-plus-COEP"),
        ("same-origin-allow-popups", "require-corp", "same-origin-allow-popups"),
        ("noopener-allow-popups", "require-corp", "noopener-allow-popups"),
        ("same-origin-plus-COEP", "require-corp", "unsafe-none"),
        ("same-site", None, "unsafe-none"),
        ("unsafe-inherit", None, "unsafe-none"),
        ("", None, "unsafe-none"),
    ],
)
def test_opener_policy(coop: str | None, coep: str | None, value: str) -> None:
    assert obtain_opener_policy(page(coop=coop, coep=coep).headers, secure_context=True).value == value


@pytest.mark.parametrize(
    ("coep", "value"),
    [
        (None, "unsafe-none"),
        ("none", "unsafe-none"),
        ("require-corp", "require-corp"),
        ("credentialless; a", "credentialless"),
        ("REQUIRE-CORP", "unsafe-none"),
        ('"require-corp"', "unsafe-none"),
    ],
)
def test_embedder_policy(coep: str | None, value: str) -> None:
    assert obtain_embedder_policy(page(coep=coep).headers, secure_context=True).value == value


def test_outside_a_secure_context_the_headers_are_not_read() -> None:
    headers = page(coop="same-origin", coep="require-corp").headers
    coop = obtain_opener_policy(headers, secure_context=False)
    coep = obtain_embedder_policy(headers, secure_context=False)
    assert (coop.value, coep.value) == ("unsafe-none", "unsafe-none")
    assert "secure context" in coop.reason
    assert "secure context" in coep.reason


def test_a_reported_embedder_policy_upgrades_only_a_reported_opener_policy() -> None:
    headers = (
        ("Cross-Origin-Opener-Policy", 'same-origin; report-to="a"'),
        ("Cross-Origin-Opener-Policy-Report-Only", 'same-origin; report-to="b"'),
        ("Cross-Origin-Embedder-Policy-Report-Only", 'require-corp; report-to="c"'),
    )
    coop = obtain_opener_policy(headers, secure_context=True)
    coep = obtain_embedder_policy(headers, secure_context=True)
    assert (coop.value, coop.endpoint) == ("same-origin", "a")
    assert (coop.report_only_value, coop.report_only_endpoint) == ("same-origin-plus-COEP", "b")
    assert (coep.value, coep.report_only_value, coep.report_only_endpoint) == ("unsafe-none", "require-corp", "c")


def test_the_reason_names_the_mistake_and_escapes_what_the_header_holds() -> None:
    reason = obtain_opener_policy(page(coop="same-origin\x1b;").headers, secure_context=True).reason
    assert reason == (
        "sends Cross-Origin-Opener-Policy: same-origin\\x1B;, "
        "which is ignored as U+001B cannot stand here (character 12)"
    )
