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
from isolab.policy.site import same_origin
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


def embed(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    """Predict what becomes of an embedded thing, given the responses on its way (redirects first, at least one).

    Local URLs (blob:, data:) have no response: they are not for this function.
    """
    verdict = _on_the_way(document, request, hops)
    if verdict.loaded and request.mode == "navigate":
        return _frame_policy(document, hops) or verdict
    if verdict.loaded and request.kind == "worker":
        return _worker_policy(document, hops) or verdict
    return verdict


def _on_the_way(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    check = {"navigate": _frame, "no-cors": _no_cors, "cors": _cors, "same-origin": _same_origin}[request.mode]
    verdicts = [check(document, request, hops[: index + 1]) for index in range(len(hops))]
    return next((verdict for verdict in verdicts if not verdict.loaded), verdicts[-1])


def _frame(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    coep = document.embedder_policy.value
    return _of(corp.check_resource_policy(document.origin, hops[-1], coep, navigation=request.mode == "navigate"), hops)


def _no_cors(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    origin, coep = document.origin, document.embedder_policy.value
    if not left_origin(origin, hops):
        return EmbedPrediction(True, f"{hops[-1].url} is same-origin with {document.url}", FETCH_SOURCE)
    credentialed = includes_credentials(request, origin, hops, coep)
    return _of(corp.check_resource_policy(origin, hops[-1], coep, credentialed=credentialed), hops)


def _cors(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    if not left_origin(document.origin, hops):
        return EmbedPrediction(True, f"{hops[-1].url} is same-origin with {document.url}", FETCH_SOURCE)
    tainted = redirect_tainted(document.origin, hops) or document.origin is None
    sender = "null" if tainted else str(document.origin)
    complaint = cors.cors_complaint(hops[-1], sender, credentialed=request.credentials == "include")
    if complaint is None:
        return EmbedPrediction(True, f"{hops[-1].url} lets {sender} read it by CORS", cors.SOURCE)
    return EmbedPrediction(False, f"{hops[-1].url} {complaint}", cors.SOURCE, len(hops) - 1)


def _same_origin(document: Document, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    if same_origin(document.origin, hops[-1].origin):
        return EmbedPrediction(True, f"{hops[-1].url} is same-origin with {document.url}", FETCH_SOURCE)
    reason = f"{hops[-1].url} is of another origin than {document.url}, and this {request.kind} must be same-origin"
    return EmbedPrediction(False, reason, FETCH_SOURCE, len(hops) - 1)


def _of(verdict: corp.CorpVerdict, hops: Sequence[Hop]) -> EmbedPrediction:
    return EmbedPrediction(verdict.allowed, verdict.reason, verdict.source, None if verdict.allowed else len(hops) - 1)


def _frame_policy(document: Document, hops: Sequence[Hop]) -> EmbedPrediction | None:
    """Keep documents without a policy out of a strict one's frames; either strict value satisfies either."""
    chain = [hops[-1].origin, *(ancestor.response.origin for ancestor in document.line())]
    return _refused(document, hops, FRAME_SOURCE, in_secure_context=secure_context(chain))


def _worker_policy(owner: Document, hops: Sequence[Hop]) -> EmbedPrediction | None:
    return _refused(owner, hops, WORKER_SOURCE, in_secure_context=owner.is_secure_context)


def _refused(
    document: Document, hops: Sequence[Hop], source: str, *, in_secure_context: bool
) -> EmbedPrediction | None:
    own = obtain_embedder_policy(hops[-1].headers, secure_context=in_secure_context)
    if own.strict or not document.embedder_policy.strict:
        return None
    reason = f"{hops[-1].url} {own.reason}, but {document.url} {document.embedder_policy.reason}"
    return EmbedPrediction(False, reason, source, len(hops) - 1)
