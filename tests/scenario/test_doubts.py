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
    ],
)
def test_a_slip_of_the_pen_is_told(page: str, sent: str, near: str) -> None:
    (told,) = of(page)
    assert f"page `app` sends `{sent}`, which browsers ignore: did you mean `{near}`?" in told


@pytest.mark.parametrize(
    "page",
    ["{coop: same-origin}", "{coop: SAME-ORIGIN}", '{coop: "same-origin;"}', "{coop: nonsense}", "{coop: null}", "{}"],
)
def test_what_is_right_or_plainly_meant_is_not(page: str) -> None:
    assert of(page) == ()
