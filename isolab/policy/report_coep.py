"""Which reports of type `coep` a request sends (Fetch, "cross-origin resource policy check"; HTML, 7.1.4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from isolab.policy.coep import CoepValue, EmbedderPolicy
from isolab.policy.document import Document
from isolab.policy.embedding import embedded_policy
from isolab.policy.environment import Environment
from isolab.policy.frame_ancestors import ancestors_complaint
from isolab.policy.request import Kind, Request
from isolab.policy.response import Hop
from isolab.policy.way import Way

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy-checks"
Disposition = Literal["enforce", "reporting"]
BodyType = Literal["corp", "navigation", "worker initialization"]
_DESTINATIONS: dict[Kind, str] = {"fetch": ""}


@dataclass(frozen=True, slots=True)
class EmbedderReport:
    """A report: `type` is the body's, `endpoint` the policy's, or None where only ReportingObservers see it.

    `destination` is that of the request (`""` for fetch()); `blocked_url` the URL that was asked for first: where it
    redirects to is not told.
    """

    type: BodyType
    disposition: Disposition
    blocked_url: str
    endpoint: str | None = None
    destination: str | None = None


def embedder_reports(environment: Environment, request: Request, hops: Sequence[Hop]) -> tuple[EmbedderReport, ...]:
    """List the reports that a document or a worker sends about something it asks for; arguments as for `embed`."""
    return tuple(_reports(Way(environment, request, hops)))


def local_reports(document: Document) -> tuple[EmbedderReport, ...]:
    """List the reports that a frame's parent sends about a local document (about:, blob:, data:) in it."""
    parent = document.parent
    if parent is None or document.is_credentialless or document.embedder_policy.strict:
        return ()
    found = _adherence(parent.embedder_policy, document.embedder_policy, "navigation", document.url)
    return tuple(found)


def _reports(way: Way) -> Iterator[EmbedderReport]:
    for step in way.steps():
        if _checks_corp(step):
            if not step.corp_under("unsafe-none").allowed:
                return
            yield from (found := list(_corp(step)))
            if any(report.disposition == "enforce" for report in found):
                return
    if way.credentialless or (way.ancestors and ancestors_complaint(way.last, way.ancestors)):
        return
    if way.request.kind in ("iframe", "worker"):
        own = embedded_policy(way.environment, way.request, way.last)
        kind: BodyType = "navigation" if way.request.kind == "iframe" else "worker initialization"
        yield from _adherence(way.environment.embedder_policy, own, kind, way.hops[0].url)


def _checks_corp(way: Way) -> bool:
    if way.request.mode == "navigate":
        return not way.credentialless
    return way.request.mode == "no-cors" and not way.at_home


def _corp(way: Way) -> Iterator[EmbedderReport]:
    policy = way.environment.embedder_policy
    destination = _DESTINATIONS.get(way.request.kind, way.request.kind)
    for disposition, value, endpoint in _sides(policy):
        if not way.corp_under(value).allowed:
            yield EmbedderReport("corp", disposition, way.hops[0].url, endpoint, destination)


def _adherence(policy: EmbedderPolicy, own: EmbedderPolicy, kind: BodyType, url: str) -> Iterator[EmbedderReport]:
    for disposition, value, endpoint in _sides(policy):
        if value != "unsafe-none" and not own.strict:
            yield EmbedderReport(kind, disposition, url, endpoint)


def _sides(policy: EmbedderPolicy) -> tuple[tuple[Disposition, CoepValue, str | None], ...]:
    """Take both halves of a policy, in the order in which they are checked."""
    return (
        ("reporting", policy.report_only_value, policy.report_only_endpoint),
        ("enforce", policy.value, policy.endpoint),
    )
