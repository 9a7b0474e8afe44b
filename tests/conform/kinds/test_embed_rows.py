from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.embed import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row

GOES_ON = "some frame (COEP a, CORP b) navigates itself to a page same-site with the parent (x, no CORP)"
STRICT = {"coep": "require-corp"}


def blocked(**setting: Any) -> Any:
    return rule(Row("x", "corp", setting, {}))["blocked"].value


@pytest.mark.parametrize(
    ("request_", "resource", "wanted"),
    [
        ({"type": "img", "relation": "same-site"}, {"corp": "same-site"}, False),
        ({"type": "link rel=stylesheet", "relation": "cross-site"}, {"corp": "same-site"}, True),
        ({"mode": "cors", "relation": "cross-site"}, {"corp": "same-origin"}, False),
        ({"mode": "cors", "relation": "cross-site"}, {"corp": None, "acao": None}, True),
        ({"type": "script", "crossorigin": "anonymous", "relation": "cross-site"}, {"acao": "*"}, False),
        ({"mode": "same-origin fetch", "relation": "cross-site"}, {}, True),
    ],
)
def test_resources_of_a_page_without_a_policy(request_: dict[str, Any], resource: dict[str, Any], wanted: bool) -> None:
    assert blocked(document={"scheme": "https"}, request=request_, resource=resource) is wanted


def test_a_strict_page_wants_corp_of_what_it_embeds() -> None:
    image = {"type": "img", "relation": "cross-site"}
    assert blocked(document=STRICT, request=image, resource={"corp": None}) is True
    assert blocked(document={**STRICT, "scheme": "http"}, request=image, resource={"corp": None}) is False


@pytest.mark.parametrize(
    ("embed", "wanted"),
    [
        ({"relation": "cross-site", "coep": "credentialless", "corp": "cross-origin"}, False),
        ({"relation": "cross-site", "coep": "credentialless", "corp": "same-site"}, True),
        ({"redirect_chain": ["cross-site 302 with CORP cross-origin", "same-origin require-corp"]}, False),
        ({"url": "same-origin redirect_none_to_require-corp.py -> cross-origin (same-site)", "redirect": True}, False),
        (
            {
                "sequence": [
                    "some frame (COEP a, CORP b) navigates itself to a page same-site with the parent (x, no CORP)"
                ]
            },
            True,
        ),
    ],
)
def test_frames_of_a_strict_page(embed: dict[str, Any], wanted: bool) -> None:
    assert blocked(parent=STRICT, embed={"type": "iframe", **embed}) is wanted


@pytest.mark.parametrize(
    "setting",
    [
        {"parent": STRICT, "embed": {"type": "object"}},
        {"parent": STRICT, "embed": {"type": "iframe", "url": "somewhere"}},
        {"parent": STRICT, "embed": {"type": "iframe", "sequence": ["a frame that dances"]}},
        {"document": STRICT, "request": {"type": "video"}},
        {"document": {"frame": "a window"}},
    ],
)
def test_what_is_not_known_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        blocked(**setting)
