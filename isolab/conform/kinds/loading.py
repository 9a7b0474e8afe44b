"""What a document of a row can embed: resources without CORP, which strict policies keep out."""

from __future__ import annotations

from collections.abc import Iterator

from isolab.conform.headers import HOSTS
from isolab.conform.ruling import Ruling
from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_RELATIONS = ("same_origin", "same_site", "cross_origin", "cross_site")


def no_cors_rulings(document: Document, prefix: str = "") -> Iterator[tuple[str, Ruling]]:
    """Rule on images without CORP, by where they are from: `PREFIXno_cors_RELATION_without_corp`.

    The relation is to the document's own host, whatever its origin is; without a name for it, it is another one.
    """
    for relation in _RELATIONS:
        yield f"{prefix}no_cors_{relation}_without_corp", _image(document, relation)
    yield f"{prefix}no_cors_without_corp", _image(document, "cross_origin")


def image_of(document: Document, relation: str) -> Hop:
    """Make the image without CORP that stands in a relation to the document's host."""
    home = document.response.origin
    foreign = next(host for host in HOSTS.values() if not host.endswith(home.host) and not home.host.endswith(host))
    hosts = {"same_origin": home.host, "cross_site": foreign}
    origin = Origin(home.scheme, hosts.get(relation, f"static.{home.host}"), home.port)
    return Hop(f"{origin}/image", origin)


def _image(document: Document, relation: str) -> Ruling:
    found = embed(document, request_for("image"), [image_of(document, relation)])
    return Ruling("loaded" if found.loaded else "blocked", found.reason, found.source)
