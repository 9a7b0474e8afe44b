from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.kinds.inherit_frames import BLOB_OF_CREATOR, BY_TOP, IN_PLAIN_TOP
from isolab.conform.reader import NotStagedError

STRICT = {"coep": "require-corp"}
LOCAL = ["about:blank", "about:srcdoc", "data:", "blob:", "javascript:"]


@pytest.mark.parametrize("url", LOCAL)
@pytest.mark.parametrize(("coep", "loaded"), [("require-corp", "blocked"), ("unsafe-none", "loaded")])
def test_local_frames_are_as_strict_as_their_parent(url: str, coep: str, loaded: str) -> None:
    found = ruled("inherit", parent={"coep": coep}, embed={"type": "iframe", "url": url})
    assert found["blocked"] is False
    assert found["no_cors_cross_site_without_corp"] == loaded
    assert (found["report.type"], found["report.body_type"]) == (None, None)
    assert found["origin"] == ("null" if url == "data:" else "https://app.example")


@pytest.mark.parametrize(("url", "blocked"), [("about:srcdoc", False), ("data:", True), ("blob:", True)])
def test_what_a_top_without_a_policy_navigates_is_kept_out(url: str, blocked: bool) -> None:
    parent = {"coep": "credentialless", "note": IN_PLAIN_TOP}
    found = ruled("inherit", parent=parent, embed={"url": url, "initiator": BY_TOP})
    assert found["blocked"] is blocked
    assert found["report.body_type"] == ("navigation" if blocked else None)


@pytest.mark.parametrize(
    ("child", "blocked"),
    [
        ({"relation": "same-origin", "coep": "credentialless"}, False),
        ({"relation": "cross-site", "coep": "require-corp"}, True),
        ({"relation": "cross-site", "coep": "require-corp", "corp": "cross-origin"}, False),
        ({"url": "about:srcdoc"}, False),
    ],
)
def test_what_a_local_frame_embeds_in_its_turn(child: dict[str, str], blocked: bool) -> None:
    found = ruled("inherit", parent=STRICT, embed={"url": "about:srcdoc", "child": {"type": "iframe", **child}})
    assert found["blocked_grandchild"] is blocked


@pytest.mark.parametrize(
    ("parent", "sequence", "blocked", "loaded"),
    [
        (None, ["COEP credentialless frame", "javascript: URL"], False, "loaded"),
        (None, ["COEP require-corp frame", "about:blank"], False, "loaded"),
        (None, ["about:blank", "COEP require-corp frame"], False, "blocked"),
        ("require-corp", ["no-COEP frame"], True, "loaded"),
        ("require-corp", ["no-COEP frame", "data: URL"], False, "blocked"),
    ],
)
def test_what_a_frame_shows_one_after_the_other(
    parent: str | None, sequence: list[str], blocked: bool, loaded: str
) -> None:
    found = ruled("inherit", parent={"coep": parent}, embed={"type": "iframe", "sequence": sequence})
    assert (found["blocked"], found["no_cors_cross_origin_without_corp"]) == (blocked, loaded)
    assert found["report.body_type"] == ("navigation" if blocked else None)


@pytest.mark.parametrize("via", ["subframe", "navigate", "popup"])
def test_a_blob_has_its_makers_origin_and_policy(via: str) -> None:
    maker = {"relation_to_parent": "cross-site", "via": via}
    embed = {"url": BLOB_OF_CREATOR}
    found = ruled("inherit", parent={"coep": "credentialless"}, creator=maker, embed=embed)
    assert (found["blob_origin"], found["origin"]) == ("creator", "https://idp.example")
    assert (found["blocked"], found["no_cors_cross_origin_without_corp"]) == (False, "loaded")
    found = ruled("inherit", parent=STRICT, creator={**maker, "coep": None}, embed=embed)
    assert found["blocked"] is True
    found = ruled("inherit", parent={}, creator={**maker, **STRICT}, embed=embed)
    assert found["no_cors_cross_origin_without_corp"] == "blocked"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"embed": {"type": "object"}}, "embed.type is 'object'"),
        ({"embed": {"url": "ftp:"}}, "embed.url is 'ftp:'"),
        ({"embed": {"sequence": ["frame", "moon"]}}, "embed.sequence is"),
        ({"embed": {"sequence": []}}, "embed.sequence is"),
        ({"embed": {"url": "data:", "initiator": "child"}}, "embed.initiator is 'child'"),
        ({"embed": {"url": "data:"}, "creator": {}}, "embed.url is 'data:'"),
        ({"embed": {"url": "data:", "child": {"url": "ftp:"}}}, "embed.child.url is 'ftp:'"),
        ({"parent": {"note": "at night"}, "embed": {"url": "data:"}}, "parent.note is 'at night'"),
    ],
)
def test_unknown_words_are_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("inherit", **{"parent": STRICT, **setting})
