"""Scenes of what documents ask for, by pages whose scripts tell what came of it."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from isolab.conform.headers import FIELDS
from isolab.conform.kinds.embed import Embedded
from isolab.conform.kinds.subresource import Surroundings, read_subresource, read_surroundings
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages.embed import FIXTURES
from isolab.conform.stages.script import as_script, at, given, page_with, script_with, url_of
from isolab.policy.document import Document
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

LIBRARIES = ("loads",)
_COEP, _CORP, _DIP, _ACAO = (FIELDS[name] for name in ("coep", "corp", "dip", "acao"))
_ACAC = "Access-Control-Allow-Credentials"
_FREE = ((_COEP, "require-corp"), (_CORP, "cross-origin"))
"""What no embedder policy blocks, frames included."""
_TOLD = {"blocked": "blocked", "error": "error", "response_type": "type"}
_COOKIES = {"cookie_sent": "page", "cookie_sent_on_final": "page", "cookie_sent_without_policy": "plain"}
"""Which page tells each observation of cookies."""


def act(row: Row) -> Act:
    """Play a row of the kind subresource. Raises NotStagedError."""
    setting = Reader(row.setting)
    embedded, around = read_subresource(setting), read_surroundings(setting)
    setting.finish()
    staging = _Staging(Scene(row.id), embedded, around)
    pages = {_COOKIES[name] for name in row.expect if name in _COOKIES}
    if pages:
        staging.cookies(pages)
        found = {name: f"{page}.says.cookie" for name, page in _COOKIES.items() if name in row.expect}
    else:
        window = staging.loads()
        found = {name: f"{window}.says.{key}" for name, key in _TOLD.items() if name in row.expect}
    staging.scene.expect |= {check: row.expect[name] for name, check in found.items()}
    return Act(
        staging.scene, found, {name: "nothing in the scene shows it" for name in row.expect if name not in found}
    )


@dataclass
class _Staging:
    """Makes the pages of one scene: `page` asks for `resource`, and for `control`, which nothing blocks."""

    scene: Scene
    embedded: Embedded
    around: Surroundings

    def loads(self) -> str:
        """Have the page tell whether the resource is blocked; gives the window that does."""
        load = {**self._asked(), "control": url_of(self._way("control", [*map(self._open, self.embedded.hops)]))}
        if self.around.cached:
            self._page("before", _bare(self._document), f"tellOnce({given(load)})")
            self._page("page", self._document, f"tellCached({given(load)})")
            # In a window of its own: what Chromium and Firefox have in a process's memory they do not check again.
            self.scene.flow = [{"open": "before"}, {"wait": "before", "says": "loaded"}, {"open": "page"}]
            return "page"
        if self.around.served_by_worker:
            return self._served(load)
        self._asking_page(load)
        self.scene.flow = [{"open": "page"}]
        return "page"

    def cookies(self, pages: set[str]) -> None:
        """Have pages tell whether the resource is asked for with the cookies that the browser has for it."""
        load = {**self._asked(), "jars": [*self._jars()]}
        # WebKit takes a cookie only from a page that a person visits.
        self.scene.flow = [{"open": jar} for jar in load["jars"]]
        for name in sorted(pages):
            document = self._document if name == "page" else _bare(self._document)
            self._page(name, document, f"tellCookie({given(load)})")
            # One after the other: each looks at the last request for the resource, which must be its own.
            self.scene.flow += [{"open": name}, {"wait": name, "says": "cookie"}]

    @property
    def _document(self) -> Hop:
        """The response of the page whose policy counts."""
        document: Document = self.embedded.document
        return (document.inherits or document).response

    def _asked(self) -> dict[str, Any]:
        hops = tuple(self.embedded.hops)
        if self.around.cached:
            hops = (*hops[:-1], replace(hops[-1], headers=(*hops[-1].headers, ("Cache-Control", "max-age=600"))))
        if self.embedded.kind == "iframe":
            # Firefox tells by no event that a frame was blocked; what its request carries comes before that.
            hops = tuple(_freed(hop) for hop in hops)
        attributes = dict(self.embedded.attributes)
        if self.embedded.kind == "fetch" and not self.around.cached:
            attributes["cache"] = "no-store"
        return {
            "kind": self.embedded.kind,
            "attributes": attributes,
            "resource": url_of(self._way("resource", hops)),
        }

    def _way(self, name: str, hops: Sequence[Hop]) -> str:
        """Add the responses on a way to what is served; paths of their own, so that two ways do not meet."""
        last = len(hops) - 1
        paths = [f"/{name}" if number == last else f"/{name}-hop-{number}" for number in range(len(hops))]
        kind = self.embedded.kind
        # Chromium's opaque response blocking (ORB) has no JSON come through a service worker; an image may.
        fixture = "image" if kind == "fetch" else FIXTURES.get(kind)
        served = {"fixture": fixture} if fixture else {}
        return self.scene.way(name, [at(hop, path) for hop, path in zip(hops, paths, strict=True)], **served)

    def _open(self, hop: Hop) -> Hop:
        """Give the response as one that nothing keeps from the page that asks, credentials or not."""
        free, document = _freed(hop), self.embedded.document
        if document.parent or document.inherits or len(self.embedded.hops) > 1:
            # Frames and redirects ask in the name of another origin, or of none.
            return free
        kept = tuple(line for line in free.headers if line[0] not in (_ACAO, _ACAC))
        return replace(free, headers=(*kept, *self._allowed()))

    def _allowed(self) -> tuple[tuple[str, str], ...]:
        """The headers that let the page read an answer to its credentials."""
        return (_ACAO, f"${{{{ origin.{self.scene.host(self._document.origin)} }}}}"), (_ACAC, "true")

    def _jars(self) -> Iterator[str]:
        """Add for each origin on the way a page that sets a cookie, to whoever asks from the page."""
        for number, origin in enumerate(dict.fromkeys(hop.origin for hop in self.embedded.hops), start=1):
            headers = (("Set-Cookie", _cookie(origin)), (_CORP, "cross-origin"), *self._allowed())
            yield self.scene.page(f"jar-{number}", Hop(f"{origin}/jar-{number}", origin, 200, headers))

    def _asking_page(self, load: dict[str, Any]) -> None:
        """Add the page, or the one whose policy another document has."""
        document = self.embedded.document
        if document.parent is not None:
            inner = html.escape(page_with(LIBRARIES, f"tellOutside({given(load)})"))
            sandbox = "" if document.sandbox is None else f' sandbox="{" ".join(sorted(document.sandbox))}"'
            self._page("page", self._document, "tellInside()", [f'<iframe srcdoc="{inner}"{sandbox}></iframe>'])
        elif document.inherits is not None:
            self._page("page", self._document, f"tellBlankPopup({given(load)})")
        else:
            self._page("page", self._document, f"tellOwn({given(load)})")

    def _served(self, load: dict[str, Any]) -> str:
        """Add a service worker that serves the page with its policy, and the page that installs it first."""
        document = self._document
        options = given({"headers": document.headers, "passes": self.around.worker_passes})
        script = as_script(replace(document, headers=()), "/worker.js")
        self.scene.page("worker", script, html=script_with(LIBRARIES, f"servePage({options})"))
        self._page("before", _bare(document), "beServed()")
        self._page("page", _bare(document), f"tellServed({given(load)})")
        wait = {"wait": "before", "says": "served"}
        self.scene.flow = [{"open": "before"}, wait, {"navigate": "before", "page": "page"}]
        return "before"

    def _page(self, name: str, response: Hop, call: str, more: Sequence[str] = ()) -> None:
        self.scene.page(name, at(response, f"/{name}"), html=page_with(LIBRARIES, call, more))


def _freed(hop: Hop) -> Hop:
    """Give the response as one that no embedder policy blocks."""
    kept = tuple(line for line in hop.headers if line[0] not in (_COEP, _CORP))
    return replace(hop, headers=(*kept, *_FREE))


def _bare(response: Hop) -> Hop:
    """Give the response without a policy on what it embeds."""
    return replace(response, headers=tuple(line for line in response.headers if line[0] not in (_COEP, _DIP)))


def _cookie(origin: Origin) -> str:
    return "who=me; Secure; SameSite=None" if origin.scheme == "https" else "who=me"
