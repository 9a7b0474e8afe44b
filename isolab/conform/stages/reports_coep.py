"""Scenes of reports about what a page with an embedder policy embeds: kind coep-report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from isolab.conform.headers import FIELDS, HOSTS
from isolab.conform.kinds.reports_coep import CODES, ENFORCED, REPORT_ONLY, REPORTED, Framed, read_framed, read_page
from isolab.conform.reader import Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.reported import ASKER, asker, with_endpoints
from isolab.conform.stages.script import at, given, page_with, url_of
from isolab.policy.coep import COEP, COEP_REPORT_ONLY, obtain_embedder_policy
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_SAID = f"{ASKER}.says.reports"
_FREE = ((FIELDS["coep"], "require-corp"), (FIELDS["corp"], "cross-origin"))
"""What lets a page into any other as a frame, and an image into any page."""
_NAMES = {COEP: "enforce", COEP_REPORT_ONLY: "report-only"}
"""What the endpoints are called where the row does not say it."""
_TYPES = {code: kind for kind, code in CODES.items()}


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    setting = Reader(row.setting)
    scene = Scene(row.id, flow=[{"open": "page"}])
    if setting.has("document"):
        claims = _on_endpoints(scene, read_page(setting), row.expect)
    else:
        claims = _on_frame(scene, read_framed(setting), row.expect)
    setting.finish()
    return act_of(scene, row, claims)


def _on_frame(scene: Scene, framed: Framed, expect: Mapping[str, Json]) -> dict[str, str]:
    page, named = with_endpoints("page", _named(framed.document.response))
    control = replace(at(framed.hop, "/control"), headers=_FREE)
    for name, hop in {"it": framed.hop, "control-frame": control}.items():
        word = "it" if name == "it" else "control"
        scene.page(name, at(hop, f"/{name}"), html=page_with(("frames",), f"speak('{word}')"))
    load = {"frame": url_of("it"), "control": url_of("control-frame"), "emptyBefore": framed.empty_before}
    scene.page("page", page, html=page_with(("frames",), f"tellWhetherItLoads({given(load)})"))
    scene.flow.append({"wait": "page", "says": "loads"})
    _ask(scene, page, named)
    scene.expect[_SAID] = _lines(page, expect.get("reports") or [])
    return {"reports": _SAID}


def _on_endpoints(scene: Scene, page: Hop, expect: Mapping[str, Json]) -> dict[str, str]:
    page, named = with_endpoints("page", page)
    foreign = Origin("https", HOSTS["cross-site"])
    for name, headers in {"resource": (), "free": _FREE}.items():
        scene.page(name, Hop(f"{foreign}/{name}", foreign, 200, headers), fixture="image")
    load = {"kind": "image", "resource": url_of("resource"), "control": url_of("free")}
    scene.page("page", page, html=page_with(("loads",), f"tellOwn({given(load)})"))
    scene.flow.append({"wait": "page", "says": "blocked"})
    _ask(scene, page, named)
    told = {ENFORCED: ["CORP"], REPORTED: [f"CORP{REPORT_ONLY}"]}
    scene.expect |= {
        "page.says.blocked": bool(expect.get("policy_still_enforced", True)),
        _SAID: _lines(page, told.get(str(expect.get("only_report_goes_to")), [])),
    }
    return {"policy_still_enforced": "page.says.blocked", "only_report_goes_to": _SAID}


def _named(response: Hop) -> Hop:
    """Give the response with endpoints in its policies, where they have none: else nobody would hear of a report."""
    return replace(
        response,
        headers=tuple(
            (name, value if "report-to" in value or name not in _NAMES else f'{value}; report-to="{_NAMES[name]}"')
            for name, value in response.headers
        ),
    )


def _ask(scene: Scene, page: Hop, named: Mapping[str, str]) -> None:
    options = {"endpoints": [[collected, name] for name, collected in named.items()]}
    asker(scene, replace(page, headers=()), "sayEmbedded", options)


def _lines(page: Hop, codes: Sequence[str]) -> str:
    """Write reports as the asking page does: which endpoint gets them, their type, and the half of the policy."""
    policy = obtain_embedder_policy(page.headers, secure_context=page.origin.scheme == "https")
    lines = []
    for code in codes:
        only = code.endswith(REPORT_ONLY)
        endpoint = policy.report_only_endpoint if only else policy.endpoint
        kind = _TYPES[code.removesuffix(REPORT_ONLY)]
        lines.append(f"{endpoint} {kind} {'reporting' if only else 'enforce'}")
    return "; ".join(sorted(lines))
