"""Hosts to origins: by name, by relation to another host, or as written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from isolab.policy.terms import Origin
from isolab.scenario.case import Upstream
from isolab.scenario.model import RelatedHost, Relation, ScenarioFile, UpstreamHost
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Report
from isolab.scenario.wording import listing, suggestion

_RELATIONS: tuple[str, ...] = get_args(Relation)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}\.)*[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?")
_DEFAULT_PORT = {"https": 443, "http": 80}


def resolve_hosts(file: ScenarioFile, report: Report) -> dict[str, Origin]:
    """Every host's origin, in the file's order; hosts with a problem, which is reported, are left out."""
    resolver = _Resolver(file.hosts or {"app": None}, report)
    found = {name: resolver.origin(name, ()) for name in resolver.hosts}
    return {name: origin for name, origin in found.items() if origin is not None}


def resolve_upstreams(file: ScenarioFile, origins: Mapping[str, Origin], report: Report) -> dict[Origin, Upstream]:
    """The servers of the user's own, by the origin that each plays."""
    found: dict[Origin, Upstream] = {}
    for name, host in (file.hosts or {}).items():
        if not isinstance(host, UpstreamHost) or name not in origins:
            continue
        span = report.document.value(("hosts", name, "upstream"))
        other = found.setdefault(origins[name], Upstream(host.upstream, name, span))
        if other.url != host.upstream:
            message = f"hosts `{other.host}` and `{name}` are the same origin, {origins[name]}, with two upstreams"
            report.value("upstream", ("hosts", name, "upstream"), message, "give one of them another origin")
    return found


def parse_origin(text: str) -> Origin | None:
    """An origin as a file has it (`https://host` or `http://host:port`, nothing after it); None if it is not one."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = f"{parts.scheme}://{parts.netloc}" == text and "@" not in text and not text.endswith(":")
    if not plain or parts.scheme not in _DEFAULT_PORT or not _HOST.fullmatch(host) or port == 0:
        return None
    scheme = cast("Literal['https', 'http']", parts.scheme)
    return Origin(scheme, host, None if port == _DEFAULT_PORT[scheme] else port)


def site(origin: Origin) -> tuple[str, str]:
    """The origin's site (HTML, 7.1.1): scheme and registrable domain, which here is the last two labels."""
    return origin.scheme, ".".join(origin.host.split(".")[-2:])


class _Resolver:
    def __init__(self, hosts: Mapping[str, str | RelatedHost | UpstreamHost | None], report: Report) -> None:
        self.hosts = hosts
        self._first = next(iter(hosts))
        self._report = report
        self._circular: set[str] = set()

    def origin(self, name: str, asking: tuple[str, ...]) -> Origin | None:
        """The origin of a host; `asking` are the hosts that relate to it, to find circles."""
        host = self.hosts[name]
        if isinstance(host, UpstreamHost):
            self._check_own_server(name, host)
            if host.origin is not None:
                return self._named(name, host.origin)
            host = RelatedHost(relation=host.relation, to=host.to, scheme=host.scheme) if host.relation else None
        if host is None:
            return Origin("https", f"{name}.example")
        if isinstance(host, RelatedHost):
            return self._related(name, host, asking)
        if host in _RELATIONS:
            return self._related(name, RelatedHost(relation=cast("Relation", host)), asking)
        return self._written(name, host)

    def _check_own_server(self, name: str, host: UpstreamHost) -> None:
        """The host that a server of the user's own plays is called by one thing only."""
        if host.origin is not None and host.relation is not None:
            message = f"host `{name}` has both `origin` and `relation`"
            self._report.key("host", ("hosts", name, "relation"), message, "leave one of them out")
        for key in ("to", "scheme"):
            if getattr(host, key) is not None and host.relation is None:
                message = f"host `{name}` has `{key}`, which needs `relation`"
                self._report.key("host", ("hosts", name, key), message, f"add `relation:`, or leave out `{key}`")

    def _named(self, name: str, text: str) -> Origin | None:
        origin = parse_origin(text)
        if origin is None and OPEN not in text:
            message = f"the `origin` of host `{name}` is none: `{text}`"
            self._report.value("host", ("hosts", name, "origin"), message, "write it like https://a.example, no path")
        return origin

    def _written(self, name: str, text: str) -> Origin | None:
        origin = parse_origin(text)
        if origin is None and OPEN not in text:
            hint = f"write null, an origin like https://a.example without a path, or one of: {listing(_RELATIONS)}"
            message = f"host `{name}` is neither an origin nor a relation: `{text}`"
            self._report.value("host", ("hosts", name), message, suggestion(text, _RELATIONS, hint))
        return origin

    def _related(self, name: str, host: RelatedHost, asking: tuple[str, ...]) -> Origin | None:
        base = self._base(name, host, asking)
        if base is None or OPEN in host.relation + (host.scheme or ""):
            return None
        scheme = host.scheme or base.scheme
        if host.relation == "same-origin":
            return self._same_origin(name, base, scheme)
        if host.relation == "same-site":
            return Origin(scheme, f"{name}.{base.host}")
        origin = Origin(scheme, f"{name}.example")
        if site(origin) == site(base):
            message = f"host `{name}` would be of the same site as {base}"
            self._report.key("host", ("hosts", name), message, "give it another name, or write its origin")
        return origin

    def _same_origin(self, name: str, base: Origin, scheme: str) -> Origin:
        if scheme != base.scheme:
            message = f"host `{name}` cannot be same-origin with {base} by {scheme}"
            self._report.value("host", ("hosts", name, "scheme"), message, "leave out `scheme`")
        return base

    def _note_circle(self, name: str, asking: tuple[str, ...]) -> None:
        """One message for a circle, from whichever of its hosts it was found."""
        if name not in self._circular:
            message = f"host `{name}` relates to itself" + (f", by {listing(asking)}" if asking else "")
            self._report.value("host", ("hosts", name), message, "relate it to a host with an origin of its own")
        self._circular |= {name, *asking}

    def _base(self, name: str, host: RelatedHost, asking: tuple[str, ...]) -> Origin | None:
        to = host.to or self._first
        if to not in self.hosts:
            hint = suggestion(to, self.hosts, f"the hosts are: {listing(self.hosts)}")
            self._report.value("unknown-host", ("hosts", name, "to"), f"there is no host `{to}`", hint)
            return None
        if to == name or to in asking:
            self._note_circle(name, asking)
            return None
        return self.origin(to, (*asking, name))
