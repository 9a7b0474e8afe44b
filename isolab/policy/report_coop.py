"""Which reports of type `coop` navigations send (HTML, 7.1.3.3 "reporting")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from isolab.policy.coop import CoopValue, OpenerPolicy
from isolab.policy.document import Document
from isolab.policy.group_switch import Passage, needs_switch, opener_fate, passages
from isolab.policy.life import Navigation
from isolab.policy.site import same_origin

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#coop-violation-navigation-to"
Disposition = Literal["enforce", "reporting"]


@dataclass(frozen=True, slots=True)
class OpenerReport:
    """A report about a switch: `endpoint` is the name that the page's policy gives, `url` the page that reports.

    `type` is the body's. `effective_policy` is in lower case, as reports have it. The other page's URL,
    `previous_response_url` or `next_response_url`, is None where the report must not say it.
    """

    type: Literal["navigation-to-response", "navigation-from-response"]
    disposition: Disposition
    effective_policy: str
    endpoint: str
    url: str
    previous_response_url: str | None = None
    next_response_url: str | None = None


def navigation_reports(
    creator: Document, life: Sequence[Navigation], *, noopener: bool = False
) -> tuple[OpenerReport, ...]:
    """List the reports that the life of a popup and of its opener sends, in order.

    Only windows that share a browsing context group with another send any: none of a popup without an opener, and none
    after the navigation that cuts the link. Arguments are those of `opener_fate`.
    """
    if opener_fate(creator, (), noopener=noopener).fate == "noopener":
        return ()
    return tuple(report for passage in _while_linked(creator, life) for report in _reports(passage, life))


def would_switch(passage: Passage) -> bool:
    """Whether enforcing the report-only policies would need a new group ("check if enforcing report-only …").

    Report-only policies that match each other say nothing, even where both differ from what is enforced; and they are
    silent where each matches what the other side enforces, which adopting one of them would not break.
    """
    old, new = passage.before.opener_policy, passage.policy
    pairs = (
        (old.value, new.report_only_value),
        (old.report_only_value, new.value),
    )
    return _mismatch(passage, old.report_only_value, new.report_only_value) and any(
        _mismatch(passage, *pair) for pair in pairs
    )


def virtually_apart(creator: Document, life: Sequence[Navigation]) -> bool:
    """Whether the windows would have been separated if the report-only policies were enforced."""
    return any(would_switch(passage) for passage in passages(creator, life))


def _while_linked(creator: Document, life: Sequence[Navigation]) -> Iterator[Passage]:
    """Go on to the end of the navigation that cuts the link: the switch is made after its last response."""
    cut: int | None = None
    for passage in passages(creator, life):
        if cut is not None and passage.navigation != cut:
            return
        yield passage
        if passage.verdict == "switches":
            cut = passage.navigation


def _reports(passage: Passage, life: Sequence[Navigation]) -> Iterator[OpenerReport]:
    source = passage.index > 0 or life[passage.navigation].by_itself
    old, new = passage.before.opener_policy, passage.policy
    if _mismatch(passage, old.value, new.value):
        yield from _both(passage, "enforce", source=source)
    if would_switch(passage):
        yield from _both(passage, "reporting", source=source)


def _both(passage: Passage, disposition: Disposition, *, source: bool) -> Iterator[OpenerReport]:
    known = same_origin(passage.before.origin, passage.origin)
    policy, endpoint = _said(passage.policy, disposition)
    if endpoint is not None:
        previous = passage.before.url if known else None
        yield OpenerReport("navigation-to-response", disposition, policy, endpoint, passage.hop.url, previous)
    policy, endpoint = _said(passage.before.opener_policy, disposition)
    if endpoint is not None:
        following = passage.hop.url if known or source else None
        yield OpenerReport(
            "navigation-from-response", disposition, policy, endpoint, passage.before.url, next_response_url=following
        )


def _said(policy: OpenerPolicy, disposition: Disposition) -> tuple[str, str | None]:
    """Take the effective policy and the endpoint that a disposition is about."""
    if disposition == "enforce":
        return policy.value.lower(), policy.endpoint
    return policy.report_only_value.lower(), policy.report_only_endpoint


def _mismatch(passage: Passage, old: CoopValue, new: CoopValue) -> bool:
    before = passage.before
    return needs_switch(old, before.origin, new, passage.origin, initial_about_blank=before.initial)
