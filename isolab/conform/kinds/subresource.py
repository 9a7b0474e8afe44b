"""What documents under a policy ask for: kind subresource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isolab.conform.headers import FIELDS, headers_of, origin_of
from isolab.conform.kinds.chain import way_of
from isolab.conform.kinds.embed import TO_ALL, Embedded, read_asked
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.document import Document
from isolab.policy.inheritance import local_document
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.taint import includes_credentials, left_origin

CREDENTIALS_SOURCE = "https://fetch.spec.whatwg.org/#http-network-or-cache-fetch"
FILTERED_SOURCE = "https://fetch.spec.whatwg.org/#concept-filtered-response"
CACHE = "http cache"
_SERVED_BY_WORKER = ", response served by service worker"
_SERVED = re.compile(rf"(?P<policy>[^ ,]+)(?:{_SERVED_BY_WORKER}| \((?P<sandboxed>inherited by .*)\))?")
_SANDBOXED = "inherited by sandboxed srcdoc, opaque origin"
_THROUGH = " through the WindowProxy of a window.open() blank popup"
_PASSES = ", service worker passes through"


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    embedded = read_subresource(setting)
    setting.finish()
    return dict(_rulings(embedded))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands between the document and what it asks for, and changes nothing of the rules."""

    cached: bool
    served_by_worker: bool
    worker_passes: bool


def read_surroundings(setting: Reader) -> Surroundings:
    """Read from where the document and the resource come."""
    page, request = setting.part("document"), setting.part("request")
    return Surroundings(
        cached=request.one_of("from", None, "network", CACHE) == CACHE,
        served_by_worker=(page.text("coep") or "").endswith(_SERVED_BY_WORKER),
        worker_passes=(request.text("type") or "").endswith(_PASSES),
    )


def read_subresource(setting: Reader) -> Embedded:
    """Read who asks for what, and how."""
    request, resource = setting.part("request"), setting.part("resource")
    request.one_of("from", None, "network", CACHE)
    document = _document(setting.part("document"), request.text("type") or "")
    kind, attributes = read_asked(request, _PASSES, _THROUGH)
    cors = dict(attributes).get("mode") == "cors" or dict(attributes).get("crossorigin")
    allowed = TO_ALL if cors and not resource.has("acao") else ()
    return Embedded(document, kind, attributes, way_of(request, resource, document.top.response.origin, allowed))


def _document(page: Reader, asked: str) -> Document:
    """Read the document: one that inherits its policy is made of the one that it has that from."""
    found = _SERVED.fullmatch(page.text("coep") or "")
    coep = ((FIELDS["coep"], found.group("policy")),) if found else ()
    origin = origin_of(page)
    others = tuple(line for line in headers_of(page) if line[0] != FIELDS["coep"])
    document = Document(Hop(f"{origin}/page", origin, 200, (*coep, *others)))
    if found and found.group("sandboxed"):
        if found.group("sandboxed") != _SANDBOXED:
            raise page.unknown("coep")
        sandbox = frozenset({"allow-scripts"})
        return local_document("about:srcdoc", document, parent=document, sandbox=sandbox)
    return local_document("about:blank", document) if asked.endswith(_THROUGH) else document


def _rulings(embedded: Embedded) -> Iterator[tuple[str, Ruling]]:
    blocked = embedded.ruling()
    yield "blocked", blocked
    if embedded.kind == "fetch":
        yield "error", Ruling("TypeError" if blocked.value else None, blocked.reason, blocked.source)
        foreign = left_origin(embedded.document.origin, embedded.hops)
        opaque = foreign and dict(embedded.attributes).get("mode") == "no-cors"
        kind = "opaque" if opaque else "cors" if foreign else "basic"
        yield (
            "response_type",
            Ruling(kind, "what the mode leaves to be seen of the response", FILTERED_SOURCE),
        )
    yield "cookie_sent", _cookie(embedded, under_policy=True)
    yield "cookie_sent_on_final", _cookie(embedded, under_policy=True)
    yield "cookie_sent_without_policy", _cookie(embedded, under_policy=False)


def _cookie(embedded: Embedded, *, under_policy: bool) -> Ruling:
    """Whether the last request carries cookies that the browser has for its host."""
    document = embedded.document
    coep = document.embedder_policy.value if under_policy else "unsafe-none"
    isolation = document.isolation_policy.for_subresources if under_policy else "unsafe-none"
    request = request_for(embedded.kind, embedded.attributes)
    carried = includes_credentials(request, document.origin, embedded.hops, coep, isolation)
    return Ruling(carried, "what the request's credentials mode and the policy leave of cookies", CREDENTIALS_SOURCE)
