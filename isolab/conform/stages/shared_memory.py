"""Scenes in which shared memory is posted, by pages whose scripts tell what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.conform.headers import response_of
from isolab.conform.kinds.shared_memory import DOMAIN, SHORT
from isolab.conform.kinds.shared_memory_words import HISTORY, TRANSFER, Posting, environment_of, frame_in, read_posting
from isolab.conform.reader import Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.posting import LIBRARIES, PostOffice
from isolab.conform.stages.script import as_script, at, frame_of, page_with, script_with
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.worker import Worker

_MEASURED: Mapping[str, str] = {
    "crossOriginIsolated": "crossOriginIsolated",
    "'SharedArrayBuffer' in globalThis": "SharedArrayBuffer",
    "WebAssembly.Memory({shared:true}).buffer": "memory",
    "MessageChannel.postMessage(sab)": "MessageChannel",
    "BroadcastChannel.postMessage(sab)": "BroadcastChannel",
    "self.postMessage(sab)": "self",
}
"""Under which key a global tells each observation."""
_NEVER: Mapping[str, str] = {TRANSFER: "transfer", HISTORY: "history"}
_NO_OP = 'document.domain === before ? "setter is a no-op" : "setter works"'
_SET_DOMAIN = (
    "const before = document.domain; document.domain = location.hostname.split('.').slice(-2).join('.');"
    f"const domain = {_NO_OP};"
)
"""The registrable domain, which any two hosts of a site have in common."""


def act(row: Row) -> Act:
    """Play a row of the kind sab. Raises NotStagedError."""
    setting = Reader(row.setting)
    document = Document(response_of(setting.part("document"), "/page"))
    scene = Scene(row.id)
    if setting.has("globals"):
        claims = _globals(scene, setting, document, row.expect)
    elif row.subtest.startswith(DOMAIN):
        claims = _domain(scene, frame_in(document, setting.part("iframe").text("relation") or ""), document)
    elif row.subtest:
        claims = _posting(scene, read_posting(row.subtest, document), document)
    else:
        claims = _never(scene, document)
    setting.finish()
    return _expected(scene, row, claims)


def _expected(scene: Scene, row: Row, claims: Mapping[str, str]) -> Act:
    found = {name: claims[name] for name in row.expect if name in claims}
    for name, check in found.items():
        scene.expect[check] = row.expect[name]
    return act_of(scene, row, found)


# --- one global by itself ---------------------------------------------------------------------------------------------


def _globals(scene: Scene, setting: Reader, document: Document, expect: Mapping[str, Json]) -> Mapping[str, str]:
    names = setting.get("globals")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise setting.unknown("globals")
    windows = [_global(scene, environment_of(name, document), document) for name in names]
    for window in windows:
        scene.flow.append({"open": window})
        scene.expect |= {f"{window}.says.{key}": expect[name] for name, key in _MEASURED.items() if name in expect}
    return {name: f"{windows[0]}.says.{key}" for name, key in _MEASURED.items()}


def _global(scene: Scene, environment: Environment, document: Document) -> str:
    """Add a page that tells what a global measures: the page's own, or that of a worker in it."""
    if not isinstance(environment, Worker):
        return _page(scene, "window", document, "measured().then(sayAll)")
    kind = environment.kind
    response = as_script(environment.response, f"/{kind}-worker.js")
    scene.page(f"{kind}-worker", response, html=script_with(LIBRARIES, "measuredFromHere()"))
    return _page(scene, kind, document, f"hearMeasured('{kind}', isolab.urls['{kind}-worker']).then(sayAll)")


def _page(scene: Scene, name: str, document: Document, call: str) -> str:
    return scene.page(name, at(document.response, f"/{name}"), html=page_with(LIBRARIES, call))


# --- from one to others -----------------------------------------------------------------------------------------------


def _posting(scene: Scene, posting: Posting, document: Document) -> Mapping[str, str]:
    scene.flow = [{"open": "page"}]
    post_office = PostOffice(scene, document, posting.channel)
    to = [post_office.receiver(each, allowed=posting.returns) for each in posting.receivers.values()]
    options = {
        "to": [*to, *(post_office.receiver(next(iter(posting.receivers.values()))) for _ in range(posting.copies - 1))],
        "channel": posting.channel,
        "back": "named" if posting.both_ways else "unnamed" if posting.returns else "",
        "labels": [SHORT.get(name, name) for name in posting.receivers] if posting.names_receivers else [],
    }
    post_office.sender(posting.sender, options)
    return {"result": "page.says.result"}


# --- frames, and what nobody may do -----------------------------------------------------------------------------------


def _domain(scene: Scene, frame: Document, document: Document) -> Mapping[str, str]:
    """Both sides set their domain; the frame tells the page whether it still reads what it was, and what it has."""
    facts = "crossOriginIsolated, memory: typeof SharedArrayBuffer === 'function'"
    told = f"top.postMessage({{ domain, {facts} }}, '*')"
    scene.page("frame", at(frame.response, "/frame"), html=page_with((), f"{_SET_DOMAIN} {told}"))
    say = "sayAll({ ...data, domain: data.domain === domain ? domain : 'the two sides differ' })"
    call = f"{_SET_DOMAIN} heard(self, 'domain').then(data => {say})"
    scene.page("page", document.response, html=page_with(LIBRARIES, call, [frame_of("frame")]))
    scene.flow = [{"open": "page"}]
    return {
        "document.domain": "page.says.domain",
        "crossOriginIsolated_in_iframe": "page.says.crossOriginIsolated",
        "SharedArrayBuffer_in_iframe": "page.says.memory",
    }


def _never(scene: Scene, document: Document) -> Mapping[str, str]:
    scene.page("page", document.response, html=page_with(LIBRARIES, "sayAll(never())"))
    scene.flow = [{"open": "page"}]
    return {TRANSFER: "page.says.transfer", HISTORY: "page.says.history"}
