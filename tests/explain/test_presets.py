"""What `isolab explain` says of each breakage preset: the hop and the header that it is about, and what comes of them.

The fragments are written from the reports that the presets reproduce, not from what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from isolab.explain.explain import explain_case
from isolab.explain.text import lines
from isolab.resources import resource
from isolab.scenario.load import load_scenarios

COOP, COEP, CORP = (f"Cross-Origin-{name}-Policy" for name in ("Opener", "Embedder", "Resource"))
CASES = {case.id: case for case in load_scenarios(sorted((resource("scenarios") / "breakage").glob("*.yaml")))}
CUT = "new browsing context group, the opener link is cut"
GONE = "no link any more that it could cut"
BOTH = "nested-isolation[portal.coop=same-origin,portal.coep=require-corp,game.coep=require-corp"

# A case, and what has to stand together in one line of what is told of it; in this order.
SAID: Sequence[tuple[str, Sequence[Sequence[str]]]] = [
    (
        "framework-default[framework=django,channel=absent]",
        [
            ["severed"],
            ["hop 1", "https://idp.example/login", f"sends no {COOP}", "https://app.example/app", "same-origin", CUT],
            ["hop 2", "https://app.example/callback", f"{COOP}: same-origin", GONE],
        ],
    ),
    (
        "fixed-with-soap[app.coop=same-origin-allow-popups]",
        [
            ["preserved"],
            ["hop 2", "https://app.example/callback", f"sends no {COOP}", "stays"],
            ["https://app.example/app", f"{COOP}: same-origin-allow-popups", "lets popups", "keep their opener"],
        ],
    ),
    (
        "soap-everywhere[callback.coop=same-origin-allow-popups]",
        [
            ["severed"],
            ["hop 1", "https://idp.example/login", "stays"],
            ["hop 2", "https://app.example/callback", f"{COOP}: same-origin-allow-popups", "unsafe-none", CUT],
        ],
    ),
    (
        "idp-same-origin[app.coop=same-origin-allow-popups,channel=absent]",
        [
            ["severed"],
            ["hop 1", "https://idp.example/authorize", f"{COOP}: same-origin while", "same-origin-allow-popups", CUT],
            ["hop 2", "https://app.example/callback", GONE],
        ],
    ),
    (
        "idp-soap[app.coop=same-origin-allow-popups,login.coop=same-origin-allow-popups]",
        [
            ["severed"],
            ["hop 1", "https://idp.example/login", f"{COOP}: same-origin-allow-popups", "another origin", CUT],
        ],
    ),
    (
        "idp-soap[app.coop=absent,login.coop=same-origin-allow-popups]",
        [["hop 1", "https://idp.example/login", f"{COOP}: same-origin-allow-popups", "unsafe-none", CUT]],
    ),
    (
        "one-bad-hop[login.coop=same-origin]",
        [
            ["severed"],
            ["hop 1", "https://idp.example/authorize", "stays"],
            ["hop 2", "https://idp.example/login", f"{COOP}: same-origin", CUT, "coming back does not mend it"],
            ["hop 3", "https://idp.example/consent", GONE],
            ["hop 4", "https://app.example/callback", GONE],
        ],
    ),
    ("one-bad-hop[login.coop=absent]", [["preserved"], ["hop 2", "https://idp.example/login", "stays"]]),
    (
        "redirect-only-hop[start.coop=same-origin]",
        [
            ["https://gateway.example/start (302)"],
            ["severed"],
            ["hop 1", "https://gateway.example/start", f"{COOP}: same-origin", CUT, "redirect (302)", "no page of it"],
            ["hop 2", "https://idp.example/login", f"sends no {COOP}"],
        ],
    ),
    (
        "report-only-noise[app.coop=absent,login.coop=absent]",
        [
            [f"{COOP}-Report-Only: same-origin; report-to"],
            ["nothing changes", "only report"],
            ["preserved"],
            ["hop 1", "https://idp.example/login", f"sends no {COOP}:", "stays"],
        ],
    ),
    (
        "waiting-page-mismatch[app.coop=same-origin,wait.coop=absent]",
        [
            ["severed"],
            ["hop 1", "https://app.example/wait", f"sends no {COOP}", "https://app.example/app", "same-origin", CUT],
            ["hop 2", "https://idp.example/login", GONE],
        ],
    ),
    (
        "waiting-page-mismatch[app.coop=same-origin,wait.coop=same-origin]",
        [
            ["hop 1", "https://app.example/wait", f"{COOP}: same-origin", "stays"],
            ["hop 2", "https://idp.example/login", f"sends no {COOP}", CUT],
        ],
    ),
    (
        "widget-iframe[page.coop=same-origin]",
        [["frame of another origin", "window.open returns null", "https://page.example/page", f"{COOP}: same-origin"]],
    ),
    ("widget-iframe[page.coop=same-origin-allow-popups]", [["preserved"], ["lets popups", "keep their opener"]]),
    (
        "channel-partition[relation=cross-site,callback=app]",
        [["preserved"], ["hop 1", "https://app.example/callback", f"sends no {COOP}", "stays"]],
    ),
    (
        "closed-vs-severed[login.coop=same-origin,by=opener]",
        [
            ["severed"],
            ["hop 1", "https://idp.example/login", f"{COOP}: same-origin", "reads closed although the window is open"],
            ["hop 2", "https://app.example/callback", GONE],
        ],
    ),
    (
        "isolation-baseline[coop=same-origin,coep=require-corp]",
        [["isolated:", "https://app.example/app", f"{COOP}: same-origin", f"{COEP}: require-corp"]],
    ),
    (
        "isolation-baseline[coop=same-origin,coep=credentialless]",
        [["isolated:", "https://app.example/app", f"{COOP}: same-origin", f"{COEP}: credentialless"]],
    ),
    (
        "isolation-baseline[coop=same-origin-allow-popups,coep=require-corp]",
        [["not isolated:", "https://app.example/app", f"{COOP}: same-origin-allow-popups"]],
    ),
    (
        "coep-subresources[coep=require-corp,corp=absent]",
        [
            ["image picture,", "https://cdn.example/picture", "blocked", f"sends no {CORP}", f"{COEP}: require-corp"],
            ["image picture-cors,", "https://cdn.example/picture-cors", "loaded", "CORS"],
            ["script library,", "https://cdn.example/library", "blocked", f"sends no {CORP}"],
            ["iframe frame,", "https://cdn.example/frame", "blocked", f"sends no {CORP}"],
            ["iframe own-frame,", "https://app.example/own-frame", "blocked", f"sends no {COEP}"],
            ["worker own-worker,", "https://app.example/own-worker", "blocked", f"sends no {COEP}"],
        ],
    ),
    (
        "coep-subresources[coep=credentialless,corp=absent]",
        [
            ["image picture,", "loaded"],
            ["script library,", "loaded"],
            ["iframe frame,", "https://cdn.example/frame", "blocked", f"sends no {CORP}", f"{COEP}: credentialless"],
            ["iframe own-frame,", "blocked", f"sends no {COEP}"],
        ],
    ),
    (
        "coep-subresources[coep=require-corp,corp=same-site]",
        [["image picture,", "https://cdn.example/picture", "blocked", f"{CORP}: same-site", "not of the same site"]],
    ),
    (
        "corp-other-port[corp=same-origin]",
        [
            [
                "image picture,",
                "https://app.example:3001/picture",
                "blocked",
                f"{CORP}: same-origin",
                "https://app.example:3000",
                "another port is another origin",
            ],
            ["fetch data,", "https://app.example:3001/data", "blocked", f"{CORP}: same-origin"],
        ],
    ),
    ("corp-other-port[corp=same-site]", [["image picture,", "loaded", f"{CORP}: same-site"]]),
    (
        "nested-isolation[portal.coop=absent,portal.coep=absent,game.coep=require-corp,allow=cross-origin-isolated]",
        [
            ["iframe game,", "https://game.example/game", "loaded"],
            ["not isolated:", "https://portal.example/portal", f"sends no {COOP}"],
        ],
    ),
    (
        "nested-isolation[portal.coop=same-origin,portal.coep=require-corp,game.coep=absent,allow=absent]",
        [["iframe game,", "blocked", "https://game.example/game", f"sends no {COEP}", f"{COEP}: require-corp"]],
    ),
    (
        f"{BOTH},allow=absent]",
        [
            ["iframe game,", "loaded"],
            ["not isolated:", "Permissions Policy", "cross-origin-isolated", "https://game.example/game"],
        ],
    ),
    (
        f"{BOTH},allow=cross-origin-isolated]",
        [["iframe game,", "loaded"], ["isolated:", "https://game.example/game"]],
    ),
    (
        "untrustworthy-origin[scheme=http]",
        [
            [f"{COOP}: same-origin"],
            ["ignore", "secure context", "https"],
            [f"{COEP}: require-corp"],
            ["ignore", "secure context"],
            ["not isolated:", "http://device.example/app", f"{COOP}: same-origin", "not read"],
            ["preserved"],
        ],
    ),
    (
        "service-worker-headers[coep=require-corp]",
        [
            ["not isolated:", "https://app.example/app", f"sends no {COOP}"],
            ["service worker", "not seen"],
            ["https://app.example/worker"],
        ],
    ),
    (
        "worker-kinds[shared.coep=require-corp]",
        [
            ["isolated:", "https://app.example/app", f"{COOP}: same-origin", f"{COEP}: require-corp"],
            ["https://app.example/shared"],
            [f"{COEP}: require-corp"],
            ["https://app.example/worklet", "no header"],
        ],
    ),
    (
        "worker-kinds[shared.coep=absent]",
        [["isolated:", "https://app.example/app"], ["https://app.example/shared", "sends no header about isolation"]],
    ),
    (
        "noopener-allow-popups[app.coop=noopener-allow-popups,callback.coop=noopener-allow-popups]",
        [
            [f"{COOP}: noopener-allow-popups"],
            ["whoever opens it as a popup loses it", "even from the same origin"],
            ["severed"],
            ["hop 2", "https://app.example/callback", f"{COOP}: noopener-allow-popups", CUT],
        ],
    ),
    (
        "noopener-allow-popups[app.coop=noopener-allow-popups,callback.coop=absent]",
        [["preserved"], ["https://app.example/app", f"{COOP}: noopener-allow-popups", "keep their opener"]],
    ),
]


def said(case: str) -> list[str]:
    return list(lines(explain_case(CASES[f"breakage/{case}"])))


@pytest.mark.parametrize(("case", "wanted"), SAID, ids=[case for case, _ in SAID])
def test_the_preset_is_told_by_its_hop_its_header_and_its_verdict(case: str, wanted: Sequence[Sequence[str]]) -> None:
    told = iter(said(case))
    for together in wanted:
        assert any(_says(line, together) for line in told), f"no line (after those before it) has {together}"


def test_every_preset_is_asked_for() -> None:
    assert {case.partition("[")[0].removeprefix("breakage/") for case in CASES} == {
        case.partition("[")[0] for case, _ in SAID
    }


def test_what_is_report_only_cuts_nothing() -> None:
    assert not any("is cut" in line for line in said("report-only-noise[app.coop=absent,login.coop=absent]"))


def _says(line: str, together: Sequence[str]) -> bool:
    """Whether a line has every fragment as whole words; that something is not isolated does not say `isolated`."""
    text = line.replace("not isolated", "not-isolated")
    return all(
        re.search(rf"(?<![\w-]){re.escape(part.replace('not isolated', 'not-isolated'))}(?![\w-])", text)
        for part in together
    )
