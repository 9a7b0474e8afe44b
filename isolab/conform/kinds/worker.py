"""Workers: whose policies they have, what they may load, whether they are isolated: kind worker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from isolab.conform.headers import FIELDS, headers_of, response_of
from isolab.conform.kinds.chain import target_of
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.coep import obtain_embedder_policy
from isolab.policy.corp import CORP
from isolab.policy.document import Document
from isolab.policy.embedding import WORKER_SOURCE, embed
from isolab.policy.isolation import isolation_of
from isolab.policy.request import Credentials, Request, request_for
from isolab.policy.response import Hop
from isolab.policy.taint import includes_credentials
from isolab.policy.worker import SOURCE, Worker, WorkerKind

GLOBALS = ("window", "dedicated worker", "shared worker", "service worker")
_ONE_OF = re.compile(r"(?P<policy>\S+) \(one of (?P<number>two|three) owners\)")
_NUMBERS = {"two": 2, "three": 3}
_COEP, _DIP = FIELDS["coep"], FIELDS["dip"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A worker, and a request that it makes for `resource`."""

    worker: Worker
    request: Request
    resource: Hop

    def owned_by(self, coep: str) -> Asked:
        """The same with owners that send this embedder policy, or none."""
        owners = tuple(Document(_sending(owner.response, coep)) for owner in self.worker.owners)
        return replace(self, worker=replace(self.worker, owners=owners))

    @property
    def blocked(self) -> Ruling:
        """Whether the worker's owner keeps it from running."""
        if self.worker.is_local or self.worker.kind != "dedicated":
            return Ruling(False, "only a dedicated worker's own response is held against its owner", WORKER_SOURCE)
        found = embed(self.worker.owners[0], request_for("worker"), [self.worker.response])
        return Ruling(not found.loaded, found.reason, found.source)

    def fetches(self, origin_of: Hop) -> Ruling:
        """Whether what it asks for without CORS is blocked."""
        found = embed(self.worker, request_for("fetch", [("mode", "no-cors")]), [origin_of])
        return Ruling(not found.loaded, found.reason, found.source)

    @property
    def cookie(self) -> Ruling:
        """Whether its request carries cookies that the browser has."""
        coep = self.worker.embedder_policy
        carried = includes_credentials(self.request, self.worker.origin, [self.resource], coep.value)
        return Ruling(carried, f"{self.worker.url} {coep.reason}", coep.source)


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    if setting.has("globals"):
        return _reflection(setting)
    read = read_asked(setting)
    setting.finish()
    return dict(_rulings(read))


def _reflection(setting: Reader) -> Mapping[str, Ruling]:
    """Rule on what a global object tells of its own policy, which each gets by the response it was made from."""
    told = setting.get("globals")
    if not isinstance(told, list) or not set(told) <= set(GLOBALS):
        raise setting.unknown("globals")
    policy = obtain_embedder_policy(headers_of(setting.part("document")), secure_context=True)
    setting.finish()
    return {"self.crossOriginEmbedderPolicy": Ruling(policy.value, policy.reason, policy.source)}


def _rulings(setting: Asked) -> Iterator[tuple[str, Ruling]]:
    isolation = isolation_of(setting.worker)
    yield "crossOriginIsolated", Ruling(isolation.isolated, isolation.reason, isolation.source)
    blocked = setting.blocked
    yield "worker_blocked", blocked
    # A worker that does not run fetches nothing.
    yield "fetch_blocked", replace(blocked, value=None) if blocked.value else setting.fetches(setting.resource)
    home = setting.worker.owners[0].response.origin
    for name, host in (("same_origin", home.host), ("cross_origin", f"static.{home.host}")):
        origin = replace(home, host=host)
        found = setting.fetches(Hop(f"{origin}/resource", origin))
        yield f"no_cors_{name}_without_corp", replace(found, value="blocked" if found.value else "allowed")
    yield "cookie_sent", setting.cookie
    for name, coep in (("none", "unsafe-none"), ("credentialless", "credentialless")):
        yield f"owner_coep_{name}", _cookie_under(setting.owned_by(coep))
    policies = {setting.owned_by(coep).worker.embedder_policy.value for coep in ("unsafe-none", "require-corp")}
    yield "independent_of_client_coep", Ruling(len(policies) == 1, "whose policy a worker has", SOURCE)


def _cookie_under(setting: Asked) -> Ruling:
    blocked, cookie = setting.blocked, setting.cookie
    if blocked.value:
        return replace(blocked, value="Worker blocked")
    return replace(cookie, value="cookie" if cookie.value else "no cookie")


def read_asked(setting: Reader) -> Asked:
    """Read a worker and what it asks for. Raises NotStagedError for what is not known."""
    part = setting.part("worker")
    kind = (part.one_of("type", "dedicated", "dedicated module", "shared", "service") or "").partition(" ")[0]
    owners = _owners(setting)
    scheme = part.one_of("scheme", "https", "blob", "data")
    creator = owners[0]
    if any(part.has(f"url_creator_{key}") for key in ("coep", "dip")):
        creator = Document(replace(creator.response, headers=_policies(part, "url_creator_")))
    response = _script(part, scheme or "", owners[0])
    worker = Worker(cast("WorkerKind", kind), response, owners, creator if scheme == "blob" else None)
    request = setting.part("request")
    request.one_of("mode", "no-cors")
    credentials = request.one_of("credentials", "same-origin", "include", "omit")
    target = target_of(request, request, owners[0].response.origin)
    corp = request.text("corp")
    resource = Hop(f"{target}/resource", target, 200, ((CORP, corp),) if corp else ())
    return Asked(worker, Request("fetch", "no-cors", cast("Credentials", credentials)), resource)


def _owners(setting: Reader) -> tuple[Document, ...]:
    """The documents that make the worker: one, or several of which one has a policy."""
    if setting.has("top"):
        top = Document(response_of(setting.part("top"), "/top"))
        return (Document(response_of(setting.part("parent_frame"), "/frame"), top),)
    part = setting.part("owner")
    one = response_of(_plain(part), "/owner")
    found = _ONE_OF.fullmatch(part.text("coep") or "")
    if found is None:
        return (Document(replace(one, headers=_policies(part))),)
    strict = Document(replace(one, headers=((_COEP, found.group("policy")),)))
    return (*[Document(one)] * (_NUMBERS[found.group("number")] - 1), strict)


def _plain(part: Reader) -> Reader:
    return Reader({key: part.get(key) for key in ("relation", "scheme") if part.has(key)})


def _policies(part: Reader, prefix: str = "") -> tuple[tuple[str, str], ...]:
    values = ((name, part.text(f"{prefix}{key}")) for key, name in (("coep", _COEP), ("dip", _DIP)))
    return tuple((name, value) for name, value in values if value is not None and value != "inherited")


def _script(part: Reader, scheme: str, owner: Document) -> Hop:
    origin = owner.response.origin
    urls = {"https": f"{origin}/worker.js", "blob": f"blob:{origin}/1", "data": "data:text/javascript,1"}
    sent = _policies(part)
    return Hop(urls[scheme], origin, 200, sent if scheme == "https" else ())


def _sending(response: Hop, coep: str) -> Hop:
    return replace(response, headers=() if coep == "unsafe-none" else ((_COEP, coep),))
