"""Is something that a document embeds loaded or blocked? COEP, CORP and CORS over every response on the way.

Not considered here: mixed content, Content-Security-Policy, X-Frame-Options, statuses and types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isolab.policy import corp, cors
from isolab.policy.coep import obtain_embedder_policy
from isolab.policy.document import Document
from isolab.policy.request import Request
from isolab.policy.response import Hop
from isolab.policy.secure import secure_context
from isolab.policy.taint import includes_credentials, left_origin, redirect_tainted

FETCH_SOURCE = "https://fetch.spec.whatwg.org/#concept-main-fetch"
FRAME_SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#check-a-navigation-response's-adherence-to-its-embedder-policy"
WORKER_SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#check-a-global-object's-embedder-policy"


@dataclass(frozen=True, slots=True)
class EmbedPrediction:
    """Whether it is loaded; `reason` is one sentence; `hop` counts the response that is blocked from 0."""

    loaded: bool
    reason: str
    source: str
    hop: int | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """A request and the responses so far; the checks are about the last one."""

    document: Document
    request: Request
    hops: Sequence[Hop]

    @property
    def last(self) -> Hop:
        return self.hops[-1]

    @property
    def at_home(self) -> bool:
        return not left_origin(self.document.origin, self.hops)

    def passes(self, reason: str, source: str) -> EmbedPrediction:
        return EmbedPrediction(True, reason, source)

    def stops(self, reason: str, source: str) -> EmbedPrediction:
        return EmbedPrediction(False, reason, source, len(self.hops) - 1)

    def own(self) -> EmbedPrediction:
        return self.passes(f"{self.last.url} is same-origin with {self.document.url}", FETCH_SOURCE)


def embed(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    """Predict what becomes of an embedded thing, given the responses on its way (redirects first, at least one).

    Local URLs (blob:, data:) have no response: they are not for this function.
    """
    check = {"navigate": _frame, "no-cors": _no_cors, "cors": _cors, "same-origin": _same_origin}[request.mode]
    verdicts = [check(_Way(document, request, hops[: index + 1])) for index in range(len(hops))]
    way = _Way(document, request, hops)
    return next((verdict for verdict in verdicts if not verdict.loaded), _adheres(way) or verdicts[-1])


def _frame(way: _Way) -> EmbedPrediction:
    origin, coep = way.document.origin, way.document.embedder_policy.value
    return _of(way, corp.check_resource_policy(origin, way.last, coep, navigation=True))


def _no_cors(way: _Way) -> EmbedPrediction:
    if way.at_home:
        return way.own()
    origin, coep = way.document.origin, way.document.embedder_policy.value
    credentialed = includes_credentials(way.request, origin, way.hops, coep)
    return _of(way, corp.check_resource_policy(origin, way.last, coep, credentialed=credentialed))


def _cors(way: _Way) -> EmbedPrediction:
    if way.at_home:
        return way.own()
    origin = way.document.origin
    sender = "null" if origin is None or redirect_tainted(origin, way.hops) else str(origin)
    complaint = cors.cors_complaint(way.last, sender, credentialed=way.request.credentials == "include")
    if complaint is None:
        return way.passes(f"{way.last.url} lets {sender} read it by CORS", cors.SOURCE)
    return way.stops(f"{way.last.url} {complaint}", cors.SOURCE)


def _same_origin(way: _Way) -> EmbedPrediction:
    if way.at_home:
        return way.own()
    kind = way.request.kind
    reason = f"{way.last.url} is of another origin than {way.document.url}, and this {kind} must be same-origin"
    return way.stops(reason, FETCH_SOURCE)


def _of(way: _Way, verdict: corp.CorpVerdict) -> EmbedPrediction:
    return (way.passes if verdict.allowed else way.stops)(verdict.reason, verdict.source)


def _adheres(way: _Way) -> EmbedPrediction | None:
    """Keep frames and workers without a policy out of a strict document; either strict value satisfies either."""
    if way.request.kind not in ("iframe", "worker") or not way.document.embedder_policy.strict:
        return None
    frame = way.request.kind == "iframe"
    chain = [*([way.last.origin] if frame else []), *(each.response.origin for each in way.document.lineage())]
    own = obtain_embedder_policy(way.last.headers, secure_context=secure_context(chain))
    if own.strict:
        return None
    reason = f"{way.last.url} {own.reason}, but {way.document.url} {way.document.embedder_policy.reason}"
    return way.stops(reason, FRAME_SOURCE if frame else WORKER_SOURCE)
