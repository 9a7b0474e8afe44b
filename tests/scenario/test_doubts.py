from __future__ import annotations

import pytest
from written_cases import only

from isolab.scenario.doubts import doubts


def of(page: str) -> tuple[str, ...]:
    return doubts([only(f"{{title: t, pages: {{app: {page}}}, flow: [open: app], expect: {{app.url: app}}}}")])


@pytest.mark.parametrize(
    ("page", "sent", "near"),
    [
        ("{coop: same-orign}", "Cross-Origin-Opener-Policy: same-orign", "same-origin"),
        (
            "{coop: same-origin-allow-popup}",
            "Cross-Origin-Opener-Policy: same-origin-allow-popup",
            "same-origin-allow-popups",
        ),
        ("{coep: require-cors}", "Cross-Origin-Embedder-Policy: require-cors", "require-corp"),
        (
            "{headers: {Cross-Origin-Resource-Policy: cross-orgin}}",
            "Cross-Origin-Resource-Policy: cross-orgin",
            "cross-origin",
        ),
        ("{coop: Same-Origin}", "Cross-Origin-Opener-Policy: Same-Origin", "same-origin"),
        ("{coop: same_origin}", "Cross-Origin-Opener-Policy: same_origin", "same-origin"),
    ],
)
def test_a_slip_of_the_pen_is_told(page: str, sent: str, near: str) -> None:
    (told,) = of(page)
    assert f"page `app` sends `{sent}`, which browsers ignore: did you mean `{near}`?" in told


@pytest.mark.parametrize(
    ("page", "mend"),
    [
        ("{coop: require-corp}", "it is a value of Cross-Origin-Embedder-Policy"),
        ("{coep: same-origin}", "it is a value of Cross-Origin-Opener-Policy, Cross-Origin-Resource-Policy"),
        ("{coep: none}", "the values are: unsafe-none, require-corp, credentialless"),
    ],
)
def test_a_word_that_the_header_does_not_have_is_told(page: str, mend: str) -> None:
    (told,) = of(page)
    assert told.endswith(f", which browsers ignore: {mend}")


def test_a_header_that_is_sent_twice_is_told() -> None:
    (told,) = of("{coop: same-origin, headers: {Cross-Origin-Opener-Policy: unsafe-none}}")
    assert "page `app` sends `Cross-Origin-Opener-Policy` 2 times, which browsers ignore" in told


@pytest.mark.parametrize(
    "page",
    ["{coop: same-origin}", '{coop: "same-origin;"}', "{coop: restrict-properties}", "{coop: null}", "{}"],
)
def test_what_is_right_or_plainly_meant_is_not(page: str) -> None:
    assert of(page) == ()


def test_a_file_about_ignored_headers_means_them() -> None:
    page = "{coop: Same-Origin, headers: {Cross-Origin-Opener-Policy: same-origin}}"
    text = "{title: t, tags: [header-syntax], pages: {app: %s}, flow: [open: app], expect: {app.url: app}}"
    assert doubts([only(text % page)]) == ()
