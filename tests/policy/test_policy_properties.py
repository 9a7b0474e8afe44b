"""What holds whatever the headers: no bytes make reading raise, and an ignored header is as good as none."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from policy_world import APP, HEADERS, IDP, SUB, goes, page

from isolab.policy.csp import sandbox_tokens
from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.group_switch import opener_fate
from isolab.policy.isolation import document_isolation
from isolab.policy.report_coep import embedder_reports
from isolab.policy.report_coop import navigation_reports
from isolab.policy.report_endpoints import reporting_endpoints
from isolab.policy.request import Kind, request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

NAMES = [*HEADERS.values(), "Reporting-Endpoints", "Report-To", "Location", "Content-Disposition"]
# Pieces of real values among any bytes: what breaks a parser is seldom pure noise.
PIECES = [b"same-origin", b"require-corp", b"sandbox ", b"frame-ancestors ", b"cross-origin-isolated", b";", b",", b'"']
PIECES += [b"report-to=", b"=", b"(", b")", b"*", b"'self'", b"https://[::1]:9", b"{", b"[", b"\\", b":", b"@1", b"%"]
values = st.one_of(st.binary(max_size=40), st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join))
lines = st.tuples(st.sampled_from(NAMES), values.map(lambda value: value.decode("latin-1")))
origins = st.sampled_from([APP, SUB, IDP, Origin("http", "app.example"), Origin("http", "localhost", 80)])
hops = st.builds(
    lambda origin, status, headers: Hop(f"{origin}/", origin, status, tuple(headers)),
    origins,
    st.sampled_from([200, 302, 404]),
    st.lists(lines, max_size=4),
)
KINDS: list[Kind] = ["iframe", "image", "script", "worker", "sharedworker", "fetch"]


@given(hops, hops, hops, st.sampled_from(KINDS))
def test_nothing_raises_whatever_the_bytes(top: Hop, frame: Hop, last: Hop, kind: Kind) -> None:
    inner = Document(frame, Document(top))
    reporting_endpoints(last.headers)
    sandbox_tokens(last.headers)
    document_isolation(inner)
    embed(inner, request_for(kind), [frame, last])
    embedder_reports(inner, request_for(kind), [frame, last])
    opener_fate(inner, [goes(frame, last), goes(top)])
    navigation_reports(inner, [goes(frame, last), goes(top)])


ignored = st.sampled_from(
    [
        ("Cross-Origin-Opener-Policy", "same-origin;"),
        ("Cross-Origin-Embedder-Policy", "Require-Corp"),
        ("Cross-Origin-Embedder-Policy", "require-corp, require-corp"),
        ("Cross-Origin-Resource-Policy", "same-origin; a"),
        ("Document-Isolation-Policy", '"isolate-and-require-corp"'),
        ("Document-Isolation-Policy-Report-Only", "isolate-and-require-corp"),
        ("Cross-Origin-Opener-Policy-Report-Only", "same-origin"),
        ("Cross-Origin-Embedder-Policy-Report-Only", "require-corp"),
        ("Content-Security-Policy-Report-Only", "sandbox; frame-ancestors 'none'"),
        ("Permissions-Policy", "cross-origin-isolated=("),
        ("X-Frame-Options", "allow"),
    ]
)
coops = st.sampled_from([None, "same-origin", "same-origin-allow-popups"])
coeps = st.sampled_from([None, "require-corp", "credentialless"])
pages = st.builds(
    lambda origin, coop, coep, corp: page(origin, coop=coop, coep=coep, corp=corp),
    st.sampled_from([APP, SUB, IDP]),
    coops,
    coeps,
    st.sampled_from([None, "same-origin", "cross-origin"]),
)


def with_line(hop: Hop, line: tuple[str, str]) -> Hop:
    """Add a field where it is not sent yet: a second line would void the first."""
    return hop if hop.field_line(line[0]) else replace(hop, headers=(*hop.headers, line))


@given(pages, pages, ignored, st.sampled_from(KINDS))
def test_an_ignored_header_changes_no_load_and_no_isolation(
    top: Hop, other: Hop, line: tuple[str, str], kind: Kind
) -> None:
    before, after = Document(top), Document(with_line(top, line))
    loads = [embed(before, request_for(kind), [other]).loaded]
    loads += [embed(each, request_for(kind), [with_line(other, line)]).loaded for each in (before, after)]
    assert len(set(loads)) == 1
    assert document_isolation(before).isolated == document_isolation(after).isolated


@given(pages, pages, pages)
def test_what_is_blocked_stays_blocked_on_a_longer_way(top: Hop, first: Hop, last: Hop) -> None:
    over = replace(first, status=302, headers=(*first.headers, ("Location", "/next")))
    if not embed(Document(top), request_for("image"), [first]).loaded:
        assert embed(Document(top), request_for("image"), [over, last]).hop == 0
