"""Frames without credentials: kind credentialless-iframe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isolab.conform.headers import headers_of, origin_of
from isolab.conform.kinds import popup
from isolab.conform.kinds.chain import target_of
from isolab.conform.kinds.sentences import told_headers
from isolab.conform.reader import Reader
from isolab.conform.row import Json, Row
from isolab.conform.ruling import Ruling
from isolab.policy.document import Document
from isolab.policy.embedding import CREDENTIALLESS_SOURCE, EmbedPrediction, embed
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.taint import includes_credentials

_ATTRIBUTE = "credentialless"
_TYPES = {
    "plain iframe": (None, False),
    "iframe credentialless": (None, True),
    "plain iframe nested in plain iframe": (False, False),
    "plain iframe nested in credentialless iframe": (True, False),
    "plain child of plain frame": (False, False),
    "plain child of credentialless frame": (True, False),
    "credentialless child of plain frame": (None, True),
}
"""By a frame's description, whether the one around it is credentialless (None: there is none), and whether it is."""
_PLAIN = {
    "iframe credentialless": "plain iframe",
    "plain iframe nested in credentialless iframe": "plain iframe nested in plain iframe",
    "plain child of credentialless frame": "plain child of plain frame",
    "credentialless child of plain frame": "plain iframe",
}


def without_attribute(setting: Mapping[str, Json]) -> dict[str, Json]:
    """Give a row's setting as it is to an engine that does not know the attribute."""
    found = {key: dict(part) if isinstance(part, dict) else part for key, part in setting.items()}
    if (embed := found.get("embed")) and embed.get("type") in _PLAIN:
        embed["type"] = _PLAIN[embed["type"]]
    if (frame := found.get("iframe")) and frame.get(_ATTRIBUTE):
        frame[_ATTRIBUTE] = False
    return found


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame that `parent` has with these attributes, and the response that it shows."""

    parent: Document
    attributes: tuple[tuple[str, str], ...]
    hop: Hop


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    if "popup" in row.setting:
        return popup.rule(row)
    setting = Reader(row.setting)
    framed = read_framed(setting)
    setting.finish()
    return _rulings(framed)


def read_framed(setting: Reader) -> Framed:
    """Read who frames what. Raises NotStagedError where it has what is not known."""
    parent, part = setting.part("parent"), setting.part("embed")
    origin = origin_of(parent)
    top = Document(Hop(f"{origin}/page", origin, 200, (*headers_of(parent), *told_headers(parent, "headers"))))
    around, itself = _TYPES[part.one_of("type", *_TYPES) or ""]
    within = top if around is None else Document(Hop(f"{origin}/around", origin), top, credentialless=around)
    target = target_of(part, part, origin)
    hop = Hop(f"{target}/frame", target, 200, (*headers_of(part), *told_headers(part, "headers")))
    return Framed(within, (("credentialless", ""),) if itself else (), hop)


def _rulings(framed: Framed) -> Mapping[str, Ruling]:
    request = request_for("iframe", framed.attributes)
    found = _outer_block(framed.parent) or embed(framed.parent, request, [framed.hop])
    document = Document(framed.hop, framed.parent, credentialless=request.credentialless)
    # A jar of its own, and empty: what the browser has of the host stays out of it.
    carried = includes_credentials(request, framed.parent.origin, [framed.hop]) and not document.is_credentialless
    why = "a credentialless frame, and every frame in it, begins with no cookies"
    return {
        "blocked": Ruling(not found.loaded, found.reason, found.source),
        "iframe.credentialless": Ruling(request.credentialless, "the attribute of the element", CREDENTIALLESS_SOURCE),
        "window.credentialless": Ruling(document.is_credentialless, why, CREDENTIALLESS_SOURCE),
        "cookie_sent": Ruling(carried, why, CREDENTIALLESS_SOURCE),
    }


def _outer_block(around: Document) -> EmbedPrediction | None:
    """What keeps out the frame around the frame, which then cannot load either; None if nothing does."""
    if around.parent is None:
        return None
    attributes = ((_ATTRIBUTE, ""),) if around.credentialless else ()
    found = embed(around.parent, request_for("iframe", attributes), [around.response])
    return None if found.loaded else found
