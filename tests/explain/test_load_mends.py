"""What lets something load by the rules: each mend is tried by the rules themselves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.explain.load_mends import load_mend
from isolab.explain.resending import sending
from isolab.policy.coep import COEP
from isolab.policy.corp import CORP
from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.request import Kind, request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

APP, CDN, SIBLING = (Origin("https", f"{name}.example") for name in ("app", "cdn", "app2.app"))
Headers = tuple[tuple[str, str], ...]
Attributes = tuple[tuple[str, str], ...]

STRICT: Headers = ((COEP, "require-corp"),)
CORP_ALL = "`Cross-Origin-Resource-Policy: cross-origin`"
CORP_SITE = "`Cross-Origin-Resource-Policy: same-site`"
COEP_TOO = "`Cross-Origin-Embedder-Policy: require-corp`"
ACAO_APP = "`Access-Control-Allow-Origin: https://app.example`"


def page(headers: Headers) -> Document:
    return Document(Hop("https://app.example/app", APP, headers=headers))


def at(origin: Origin, name: str = "it", headers: Headers = (), status: int = 200) -> Hop:
    location = (("Location", "/next"),) if status == 302 else ()
    return Hop(f"https://{origin.host}/{name}", origin, status, (*headers, *location))


@pytest.mark.parametrize(
    ("kind", "attributes", "hops", "told"),
    [
        ("image", (), [at(CDN)], f"send {CORP_ALL} on https://cdn.example/it"),
        ("image", (), [at(SIBLING)], f"send {CORP_SITE} on https://app2.app.example/it"),
        ("image", (), [at(CDN, headers=((CORP, "same-site"),))], f"send {CORP_ALL} on https://cdn.example/it"),
        ("image", (("crossorigin", ""),), [at(CDN)], f"send {ACAO_APP} on https://cdn.example/it"),
        (
            "image",
            (("crossorigin", "use-credentials"),),
            [at(CDN)],
            f"send {ACAO_APP} and `Access-Control-Allow-Credentials: true` on https://cdn.example/it",
        ),
        ("iframe", (), [at(CDN)], f"send {CORP_ALL} and {COEP_TOO} on https://cdn.example/it"),
        ("iframe", (), [at(CDN, headers=((CORP, "cross-origin"),))], f"send {COEP_TOO} on https://cdn.example/it"),
        ("iframe", (), [at(APP)], f"send {COEP_TOO} on https://app.example/it"),
        ("worker", (), [at(APP)], f"send {COEP_TOO} on https://app.example/it"),
        (
            "image",
            (),
            [at(CDN, "hop", status=302), at(SIBLING, "end")],
            f"send {CORP_ALL} on https://cdn.example/hop and {CORP_SITE} on https://app2.app.example/end",
        ),
        (
            # After a redirect from one foreign origin to another the request comes from `null`.
            "fetch",
            (),
            [at(CDN, "hop", status=302), at(SIBLING, "end")],
            (
                f"send {ACAO_APP} on https://cdn.example/hop "
                "and `Access-Control-Allow-Origin: *` on https://app2.app.example/end"
            ),
        ),
    ],
)
def test_it_is_the_least_that_lets_it_load(kind: Kind, attributes: Attributes, hops: list[Hop], told: str) -> None:
    assert load_mend(page(STRICT), request_for(kind, attributes), hops) == told


@pytest.mark.parametrize(
    ("kind", "attributes", "hops"),
    [
        ("worker", (), [at(CDN)]),
        ("fetch", (("mode", "same-origin"),), [at(CDN)]),
        ("iframe", (), [at(CDN, headers=(*STRICT, (CORP, "cross-origin"), ("X-Frame-Options", "DENY")))]),
        ("serviceworker", (), [at(APP, status=302), at(APP, "next")]),
        # Whoever lets `null` in with credentials lets every sandboxed page in.
        (
            "fetch",
            (("credentials", "include"),),
            [
                at(
                    CDN,
                    "hop",
                    (
                        ("Access-Control-Allow-Origin", "https://app.example"),
                        ("Access-Control-Allow-Credentials", "true"),
                    ),
                    302,
                ),
                at(SIBLING, "end"),
            ],
        ),
    ],
)
def test_there_is_none_where_headers_of_isolation_do_not_do_it(
    kind: Kind, attributes: Attributes, hops: list[Hop]
) -> None:
    assert not embed(page(STRICT), request_for(kind, attributes), hops).loaded
    assert load_mend(page(STRICT), request_for(kind, attributes), hops) == ""


_CORPS = st.sampled_from([None, "same-origin", "same-site", "cross-origin", "none"])
_COEPS = st.sampled_from([None, "unsafe-none", "require-corp", "credentialless"])


@st.composite
def _ways(draw: st.DrawFn) -> list[Hop]:
    names = draw(st.lists(st.sampled_from([APP, CDN, SIBLING]), min_size=1, max_size=3))
    hops = []
    for number, origin in enumerate(names):
        hop = at(origin, f"hop{number}", status=200 if number == len(names) - 1 else 302)
        hops.append(sending(sending(hop, CORP, draw(_CORPS)), COEP, draw(_COEPS)))
    return hops


@given(
    coep=_COEPS,
    kind=st.sampled_from(["image", "script", "style", "iframe", "worker", "fetch"]),
    crossorigin=st.sampled_from([(), (("crossorigin", "anonymous"),), (("crossorigin", "use-credentials"),)]),
    hops=_ways(),
)
def test_with_it_the_rules_load_what_they_blocked(
    coep: str | None, kind: Kind, crossorigin: Attributes, hops: list[Hop]
) -> None:
    document = replace(page(()), response=sending(page(()).response, COEP, coep))
    request = request_for(kind, crossorigin)
    told = load_mend(document, request, hops)
    if embed(document, request, hops).loaded:
        assert told == ""
    elif told or kind == "iframe" or (kind == "image" and not crossorigin):
        assert embed(document, request, [_as_told(hop, told) for hop in hops]).loaded


def _as_told(hop: Hop, told: str) -> Hop:
    for part in re.findall(rf"((?:`[^`]+`(?: and )?)+) on {re.escape(hop.url)}(?: and |$)", told):
        for name, value in re.findall(r"`([^:`]+): ([^`]+)`", part):
            hop = sending(hop, name, value)
    return hop
