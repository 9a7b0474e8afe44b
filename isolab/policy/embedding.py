"""Is something that is embedded loaded or blocked? COEP, isolation policy, CORP, CORS, and who may be framed.

Not considered here: mixed content, other directives of Content-Security-Policy, statuses and types.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from isolab.policy import cors
from isolab.policy.coep import EmbedderPolicy, obtain_embedder_policy
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.frame_ancestors import CSP_SOURCE, XFO_SOURCE, ancestors_complaint, frame_options_complaint
from isolab.policy.request import Request
from isolab.policy.response import Hop
from isolab.policy.secure import potentially_trustworthy
from isolab.policy.taint import redirect_tainted
from isolab.policy.way import Way

SCRIPT_SOURCE = "https://w3c.github.io/ServiceWorker/#update-algorithm"
FETCH_SOURCE = "https://fetch.spec.whatwg.org/#concept-main-fetch"
FRAME_SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#check-a-navigation-response's-adherence-to-its-embedder-policy"
CREDENTIALLESS_SOURCE = "https://wicg.github.io/anonymous-iframe/"
WORKER_SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#check-a-global-object's-embedder-policy"


@dataclass(frozen=True, slots=True)
class EmbedPrediction:
    """Whether it is loaded; `reason` is one sentence; `hop` counts the response that is blocked from 0."""

    loaded: bool
    reason: str
    source: str
    hop: int | None = None


def embed(environment: Environment, request: Request, hops: Sequence[Hop]) -> EmbedPrediction:
    """Predict what becomes of what a document or a worker asks for, given the responses on its way.

    `hops` has redirects first, and at least one response. Frames of local URLs (about:, blob:, data:) have none: they
    are for `embed_local`.
    """
    check = {"navigate": _frame, "no-cors": _no_cors, "cors": _cors, "same-origin": _same_origin}[request.mode]
    verdicts = [check(way) for way in Way(environment, request, hops).steps()]
    blocked = [verdict for verdict in verdicts if not verdict.loaded]
    return next(chain(blocked, _of_the_end(Way(environment, request, hops))), verdicts[-1])


def embed_local(document: Document) -> EmbedPrediction:
    """Predict whether a frame's local document is shown: one that inherits no policy is kept out of a strict parent."""
    parent = document.parent
    if parent is None or document.is_credentialless or not parent.embedder_policy.strict:
        return EmbedPrediction(True, f"nothing is asked of {document.url} here", FRAME_SOURCE)
    if document.embedder_policy.strict:
        return EmbedPrediction(True, f"{document.url} {document.embedder_policy.reason}", FRAME_SOURCE)
    return EmbedPrediction(False, _lacking(document.url, document.embedder_policy, parent), FRAME_SOURCE, 0)


def embedded_policy(environment: Environment, request: Request, last: Hop) -> EmbedderPolicy:
    """Obtain the embedder policy that a frame or a worker made from this response will have."""
    secure = environment.is_secure_context and (request.kind != "iframe" or potentially_trustworthy(last.origin))
    return obtain_embedder_policy(last.headers, secure_context=secure)


def _frame(way: Way) -> EmbedPrediction:
    if way.credentialless:
        return _passes(
            f"{way.last.url} comes into a credentialless frame, of which embedder policies ask nothing",
            CREDENTIALLESS_SOURCE,
        )
    verdict = way.corp()
    return _passes(verdict.reason, verdict.source) if verdict.allowed else _stops(way, verdict.reason, verdict.source)


def _no_cors(way: Way) -> EmbedPrediction:
    if way.at_home:
        return _own(way)
    verdict = way.corp()
    return _passes(verdict.reason, verdict.source) if verdict.allowed else _stops(way, verdict.reason, verdict.source)


def _cors(way: Way) -> EmbedPrediction:
    if way.at_home:
        return _own(way)
    origin = way.environment.origin
    sender = "null" if origin is None or redirect_tainted(origin, way.hops) else str(origin)
    complaint = cors.cors_complaint(way.last, sender, credentialed=way.request.credentials == "include")
    if complaint is None:
        return _passes(f"{way.last.url} lets {sender} read it by CORS", cors.SOURCE)
    return _stops(way, f"{way.last.url} {complaint}", cors.SOURCE)


def _same_origin(way: Way) -> EmbedPrediction:
    kind = way.request.kind
    if kind == "serviceworker" and way.last.redirects:
        return _stops(way, f"{way.last.url} is a redirect, and a service worker's script must not be", SCRIPT_SOURCE)
    if way.at_home:
        return _own(way)
    reason = f"{way.last.url} is of another origin than {way.environment.url}, and this {kind} must be same-origin"
    return _stops(way, reason, FETCH_SOURCE)


def _of_the_end(way: Way) -> Iterator[EmbedPrediction]:
    """Check what is asked of the last response only, in the standard's order."""
    ancestors = way.ancestors
    if ancestors and (complaint := ancestors_complaint(way.last, ancestors)):
        yield _stops(way, f"{way.last.url} {complaint}", CSP_SOURCE)
    if lacking := _adheres(way):
        yield lacking
    if ancestors and (complaint := frame_options_complaint(way.last, ancestors)):
        yield _stops(way, f"{way.last.url} {complaint}", XFO_SOURCE)


def _adheres(way: Way) -> EmbedPrediction | None:
    """Keep frames and dedicated workers without a policy out of a strict document; either strict value will do."""
    if way.request.kind not in ("iframe", "worker") or not way.environment.embedder_policy.strict:
        return None
    own = embedded_policy(way.environment, way.request, way.last)
    if own.strict or way.credentialless:
        return None
    source = FRAME_SOURCE if way.request.kind == "iframe" else WORKER_SOURCE
    return _stops(way, _lacking(way.last.url, own, way.environment), source)


def _lacking(url: str, own: EmbedderPolicy, embedder: Environment) -> str:
    return f"{url} {own.reason}, but {embedder.url} {embedder.embedder_policy.reason}"


def _passes(reason: str, source: str) -> EmbedPrediction:
    return EmbedPrediction(True, reason, source)


def _stops(way: Way, reason: str, source: str) -> EmbedPrediction:
    return EmbedPrediction(False, reason, source, len(way.hops) - 1)


def _own(way: Way) -> EmbedPrediction:
    return _passes(f"{way.last.url} is same-origin with {way.environment.url}", FETCH_SOURCE)
