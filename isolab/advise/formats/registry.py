"""All formats by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from isolab.advise.formats.apache import apache
from isolab.advise.formats.caddy import caddy
from isolab.advise.formats.django import django
from isolab.advise.formats.express import express
from isolab.advise.formats.headers_file import headers_file
from isolab.advise.formats.nextjs import nextjs
from isolab.advise.formats.nginx import nginx
from isolab.advise.formats.page import PageHeaders


@dataclass(frozen=True, slots=True)
class Format:
    """`title` is for people."""

    title: str
    render: Callable[[Sequence[PageHeaders]], str]


FORMATS: Mapping[str, Format] = {
    "nginx": Format("nginx", nginx),
    "caddy": Format("Caddy (Caddyfile)", caddy),
    "apache": Format("Apache (mod_headers)", apache),
    "express": Format("Express, with or without Helmet", express),
    "django": Format("Django (a middleware)", django),
    "nextjs": Format("Next.js (next.config.js)", nextjs),
    "headers": Format("_headers (Netlify, Cloudflare Pages)", headers_file),
}
