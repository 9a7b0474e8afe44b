"""What a page embeds, loaded or blocked: kinds corp and iframe-embed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from isolab.conform.headers import HOSTS, headers_of, origin_of
from isolab.conform.kinds.chain import way_of
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.coep import COEP
from isolab.policy.corp import CORP
from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.inheritance import local_document
from isolab.policy.request import Kind, request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_KINDS: Mapping[str, Kind] = {
    "img": "image",
    "script": "script",
    "fetch": "fetch",
    "fetch no-cors": "fetch",
    "link rel=stylesheet": "style",
    "iframe navigation": "iframe",
}
_MODES = {"same-origin fetch": "same-origin", "cors": "cors", "no-cors": "no-cors"}
_REDIRECTING = re.compile(
    r"same-origin redirect_(?P<first>none|require-corp|credentialless)_to_(?P<last>require-corp|credentialless)\.py"
    r" -> cross-origin \(same-site\)"
)
_GOES_ON = re.compile(
    r"\S+ frame \(COEP \S+, CORP \S+\) navigates itself to a page (?P<relation>same-origin|same-site|cross-site)"
    r" with the parent \((?P<coep>\S+), (?:no CORP|CORP (?P<corp>\S+))\)"
)
TO_ALL = (("Access-Control-Allow-Origin", "*"),)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Something that `document` embeds: `attributes` as HTML and Fetch have them, `hops` the responses on its way."""

    document: Document
    kind: Kind
    attributes: tuple[tuple[str, str], ...]
    hops: tuple[Hop, ...]

    def ruling(self) -> Ruling:
        """Whether it is blocked."""
        found = embed(self.document, request_for(self.kind, self.attributes), self.hops)
        return Ruling(not found.loaded, found.reason, found.source)


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of these kinds. Raises NotStagedError where it has what is not known."""
    return {"blocked": read_embedded(row).ruling()}


def read_embedded(row: Row) -> Embedded:
    """Read who embeds what. Raises NotStagedError where the row has what is not known."""
    setting = Reader(row.setting)
    embedded = _frame(setting) if setting.has("embed") else _resource(setting)
    setting.finish()
    return embedded


def _frame(setting: Reader) -> Embedded:
    parent, part = setting.part("parent"), setting.part("embed")
    origin = origin_of(parent)
    if not parent.has("scheme") and part.text("scheme") == "http":
        # An https page would not even ask for it: mixed content.
        origin = replace(origin, scheme="http")
    document = Document(Hop(f"{origin}/page", origin, 200, headers_of(parent)))
    part.one_of("type", "iframe")
    return Embedded(document, "iframe", (), _told(part, origin) or way_of(part, part, origin))


def _told(part: Reader, home: Origin) -> tuple[Hop, ...]:
    """Read a frame's way that a row tells in a sentence: a file that redirects, a frame that goes on by itself."""
    if part.has("url"):
        part.flag("redirect")
        found = _REDIRECTING.fullmatch(part.text("url") or "")
        if found is None:
            raise part.unknown("url")
        first = tuple((COEP, value) for value in (found.group("first"),) if value != "none")
        target = Origin(home.scheme, HOSTS["same-site"])
        last = ((COEP, found.group("last")), (CORP, "cross-origin"))
        via = Hop(f"{home}/hop-1", home, 302, (*first, ("Location", "/next")))
        return (via, Hop(f"{target}/resource", target, 200, last))
    if part.has("sequence"):
        # What the frame showed before is asked nothing: the parent's policy is held against where it goes.
        sentences = part.get("sequence")
        found = _GOES_ON.fullmatch(str(sentences[0])) if isinstance(sentences, list) and len(sentences) == 1 else None
        if found is None:
            raise part.unknown("sequence")
        origin = Origin(home.scheme, HOSTS[found.group("relation")])
        corp = ((CORP, found.group("corp")),) if found.group("corp") else ()
        return (Hop(f"{origin}/resource", origin, 200, ((COEP, found.group("coep")), *corp)),)
    return ()


def _resource(setting: Reader) -> Embedded:
    page, request, resource = setting.part("document"), setting.part("request"), setting.part("resource")
    origin = origin_of(page)
    document = Document(Hop(f"{origin}/page", origin, 200, headers_of(page)))
    if page.one_of("frame", None, "data: iframe"):
        document = local_document("data:text/html,frame", document, parent=document)
        request.one_of("target", "top origin")
    kind, attributes = read_asked(request)
    allowed = TO_ALL if dict(attributes).get("mode") == "cors" and not resource.has("acao") else ()
    return Embedded(document, kind, attributes, way_of(request, resource, origin, allowed))


def read_asked(request: Reader, *endings: str) -> tuple[Kind, tuple[tuple[str, str], ...]]:
    """Read what is asked for, and with which attributes; `endings` of its type change nothing of that."""
    kind = request.text("type", "fetch") or ""
    for ending in endings:
        kind = kind.removesuffix(ending)
    if kind not in _KINDS:
        raise request.unknown("type")
    mode = request.one_of("mode", None, *_MODES)
    said = {
        "mode": _MODES[mode] if mode else "no-cors" if kind == "fetch no-cors" else None,
        "credentials": request.one_of("credentials", None, "omit", "same-origin", "include"),
        "crossorigin": request.one_of("crossorigin", None, "anonymous", "use-credentials"),
    }
    return _KINDS[kind], tuple((key, value) for key, value in said.items() if value is not None)
