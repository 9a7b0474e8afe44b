"""Scenes of workers: frames make them, they fetch, and the page around the frames tells what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from isolab.conform.headers import FIELDS, response_of
from isolab.conform.kinds.worker import GLOBALS, Asked, read_asked
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.script import as_script, at, frame_of, given, page_with, script_with, url_of
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.response import Hop

LIBRARIES = ("lines", "asking")
"""The scripts that pages, frames and workers have."""
_COEP, _CORP = FIELDS["coep"], FIELDS["corp"]
_FREE = (_CORP, "cross-origin")
_WORD = {True: "blocked", False: "allowed"}
_OWNER_COEP = "owner_coep_"
_COOKIE = ("cookie_sent", "independent_of_client_coep")
_GROUPS_OF_SERVICE = ("none", "require-corp")
"""Owners that ask one service worker, whose policy is its own."""


def act(row: Row) -> Act:
    """Play a row of the kind worker. Raises NotStagedError."""
    setting = Reader(row.setting)
    scene = Scene(row.id)
    if setting.has("globals"):
        found = _reflection(scene, setting, row)
    else:
        asked = read_asked(setting)
        staging = _Staging(scene, asked, _kind(setting))
        cookies = any(name in _COOKIE or name.startswith(_OWNER_COEP) for name in row.expect)
        found = staging.cookies(row.expect) if cookies else staging.requests(_around(setting))
    setting.finish()
    return _expected(scene, row, found)


def act_of_fetch(row: Row, asked: Asked, around: Hop) -> Act:
    """Play a row of which all is stated of what a dedicated worker of a frame fetches: whether that is `blocked`."""
    scene = Scene(row.id)
    found = _Staging(scene, asked, (asked.worker.kind, False)).requests(around)
    return _expected(scene, row, {"blocked": found["fetch_blocked"]})


Claims = Mapping[str, tuple[str, Mapping[Json, Json]]]
"""By observation: the key under which the page tells it, and its word for each value of the row's."""


def _expected(scene: Scene, row: Row, found: Claims) -> Act:
    claims: dict[str, str] = {}
    for name, value in row.expect.items():
        if name in found:
            key, words = found[name]
            claims[name] = f"page.says.{key}"
            scene.expect[claims[name]] = words.get(value, value)
    # Nothing is stated of what a worker does that does not run.
    if row.expect.get("worker_blocked") and "fetch_blocked" in claims:
        del scene.expect[claims["fetch_blocked"]]
        claims["fetch_blocked"] = claims["worker_blocked"]
    return act_of(scene, row, claims)


def _kind(setting: Reader) -> tuple[str, bool]:
    """The worker's kind, and whether it is a module."""
    kind, _, module = (setting.part("worker").text("type", "dedicated") or "").partition(" ")
    return kind, bool(module)


def _around(setting: Reader) -> Hop | None:
    """The page around the frames, where the row says what that sends."""
    return response_of(setting.part("top"), "/page") if setting.has("top") else None


def _reflection(scene: Scene, setting: Reader, row: Row) -> Claims:
    told = setting.get("globals")
    if not isinstance(told, list) or not told or not set(told) <= set(GLOBALS):
        raise setting.unknown("globals")
    response = response_of(setting.part("document"), "/page")
    kinds = [name.removesuffix(" worker") for name in told]
    workers = [kind for kind in kinds if kind != "window"]
    for kind in workers:
        scene.page(kind, as_script(response, f"/{kind}.js"), html=script_with(LIBRARIES, "serve()"))
    html = page_with(LIBRARIES, f"tellPolicies({given({'all': [[kind, url_of(kind)] for kind in workers]})}.all ?? [])")
    scene.page("page", response, html=html)
    scene.flow = [{"open": "page"}]
    scene.expect |= {f"page.says.{kind}": value for kind in kinds for value in row.expect.values()}
    return {"self.crossOriginEmbedderPolicy": (kinds[0], {})}


@dataclass
class _Staging:
    """Makes the pages of one scene: `page` around frames, which make the worker `worker`."""

    scene: Scene
    asked: Asked
    kind: tuple[str, bool]

    def requests(self, around: Hop | None) -> Claims:
        """Have the worker fetch, and tell whether it is isolated."""
        worker = self.asked.worker
        owners = [self._loadable(each, around) for each in worker.owners]
        names = [self._frame(f"owner-{n}", owner) for n, owner in enumerate(owners, start=1)]
        creator = names[0]
        if worker.creator is not None and worker.creator is not worker.owners[0]:
            creator = self._frame("creator", worker.creator)
        urls = [*self._resources()]
        group = {**self._group("", names, creator), "task": {"urls": urls, "credentials": self._credentials}}
        self._page(around, f"tell({given({'all': [group]})}.all)", [*dict.fromkeys([*names, creator])])
        self.scene.flow = [{"open": "page"}]
        return {
            "crossOriginIsolated": ("crossOriginIsolated", {}),
            "worker_blocked": ("worker", {True: "blocked", False: "runs"}),
            "fetch_blocked": ("resource", _WORD),
            "no_cors_same_origin_without_corp": ("same_origin", {}),
            "no_cors_cross_origin_without_corp": ("cross_origin", {}),
        }

    def cookies(self, expect: Mapping[str, Json]) -> Claims:
        """Have the worker fetch under owners of several policies, with a cookie that a page has set before."""
        labels = [name.removeprefix(_OWNER_COEP) for name in expect if name.startswith(_OWNER_COEP)]
        groups = [*self._owned(labels or _GROUPS_OF_SERVICE)]
        resource = self.asked.resource
        cookie = replace(resource, headers=(("Set-Cookie", "who=me; Secure; SameSite=None"),))
        self.scene.page("cookie", at(cookie, "/cookie"))
        self.scene.page("resource", resource, fixture="data")
        self._page(None, f"tellCookies({given({'all': groups})}.all)", [name for g in groups for name in g["owners"]])
        self.scene.flow = [{"open": "cookie"}, {"open": "page"}]
        sent = (f"cookie-{_GROUPS_OF_SERVICE[0]}", {True: "cookie", False: "no cookie"})
        told: Claims = {f"{_OWNER_COEP}{label}": (f"cookie-{label}", {}) for label in labels}
        return {**told, "cookie_sent": sent, "independent_of_client_coep": ("independent", {})}

    def _owned(self, labels: tuple[str, ...] | list[str]) -> Iterator[dict[str, Any]]:
        home = self.asked.worker.owners[0].response
        task = {"urls": [["resource", url_of("resource")]], "credentials": self._credentials}
        for label in labels:
            sent = () if label == "none" else ((_COEP, label),)
            name = self._frame(f"owner-{label}", Document(replace(home, headers=sent)))
            yield {**self._group(f"-{label}", [name], name), "task": task}

    @property
    def _credentials(self) -> str:
        return self.asked.request.credentials

    def _resources(self) -> Iterator[list[str]]:
        """What is fetched without CORP, each with a control that nothing blocks."""
        home = self.asked.worker.owners[0].response.origin
        origins = {"same_origin": home, "cross_origin": replace(home, host=f"static.{home.host}")}
        hops = {key: Hop(f"{origin}/{key}", origin) for key, origin in origins.items()}
        for key, hop in {"resource": self.asked.resource, **hops}.items():
            self.scene.page(key, hop, fixture="data")
            free = replace(hop, headers=(_FREE,))
            self.scene.page(f"{key}-control", at(free, f"/{key}-control"), fixture="data")
            yield from ([name, url_of(name)] for name in (key, f"{key}-control"))

    def _group(self, label: str, owners: list[str], creator: str) -> dict[str, Any]:
        kind, module = self.kind
        worker = self.asked.worker
        script = script_with(LIBRARIES, "serve()")
        local = {"source": script} if worker.is_local else {"control": self._served(worker.response, script)}
        options = {"type": "module"} if module else {}
        made = {"kind": kind, "scheme": worker.scheme, "url": "" if worker.is_local else url_of("worker")}
        return {"label": label, "owners": owners, "creator": creator, "worker": {**made, "options": options}, **local}

    def _served(self, response: Hop, script: str) -> str:
        """Serve the worker's script, and one that no owner blocks; gives the latter's URL, "" if none can be."""
        self.scene.page("worker", as_script(response, "/worker.js"), html=script)
        if self.kind[0] != "dedicated":
            return ""
        strict = replace(response, headers=((_COEP, "require-corp"), _FREE))
        self.scene.page("control", as_script(strict, "/control.js"), html=script)
        return url_of("control")

    def _loadable(self, owner: Environment, around: Hop | None) -> Environment:
        """Have an owner of which the row says nothing be as the page around it: a strict one would block it else."""
        bare = isinstance(owner, Document) and not owner.response.headers
        return Document(replace(owner.response, headers=around.headers)) if around and bare else owner

    def _frame(self, name: str, document: Environment) -> str:
        if not isinstance(document, Document):
            raise NotStagedError("no worker makes the worker here")
        return self.scene.page(name, at(document.response, f"/{name}"), html=page_with(LIBRARIES, f"own('{name}')"))

    def _page(self, around: Hop | None, call: str, frames: list[str]) -> None:
        home = self.asked.worker.owners[0].response
        response = around or replace(home, headers=())
        self.scene.page("page", at(response, "/page"), html=page_with(LIBRARIES, call, [*map(frame_of, frames)]))
