"""What is to be configured: for each of the app's pages its address and the headers that decide isolation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from isolab.advise.own import Own
from isolab.advise.parts import part_headers
from isolab.advise.stance import Stance
from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.scenario.case import Forwarded, Page


@dataclass(frozen=True, slots=True)
class PageHeaders:
    """`origin` and `path` (without a query) say which responses; a header that is None must not be sent."""

    name: str
    origin: str
    host: str
    path: str
    headers: Mapping[str, str | None]

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self.origin}{self.path}"

    @property
    def decoded(self) -> str:
        """The path as servers see it that decode it before they compare; as it is where that cannot be written down."""
        try:
            text = unquote(self.path, errors="strict")
        except UnicodeDecodeError:
            return self.path
        return text if text.isprintable() else self.path

    @property
    def sent(self) -> dict[str, str]:
        """Those that are sent."""
        return {name: value for name, value in self.headers.items() if value is not None}

    @property
    def unsent(self) -> list[str]:
        """Those that must not be."""
        return [name for name, value in self.headers.items() if value is None]


def page_headers(pages: Mapping[str, Page], stances: Mapping[str, Stance], own: Own) -> tuple[PageHeaders, ...]:
    """Pages of a scenario by their names and what they are to send, as :func:`isolab.advise.variant.variant` sends it.

    COEP stands there only where any of them sends it, or may have done so.
    """
    told = any(stance.coep or _may_send_coep(pages[name]) for name, stance in stances.items())
    shown = [
        _page(pages[name], {COOP: stance.coop, **({COEP: stance.coep} if told else {})})
        for name, stance in stances.items()
    ]
    parts = part_headers(pages, own, stances)
    return (*shown, *(_page(pages[name], headers) for name, headers in parts.items()))


def _may_send_coep(page: Page) -> bool:
    return page.header(COEP) is not None or isinstance(page.body, Forwarded)


def _page(page: Page, headers: Mapping[str, str | None]) -> PageHeaders:
    path = page.path.partition("?")[0]
    return PageHeaders(page.name, str(page.origin), page.origin.authority, path, headers)


def by_host(pages: Iterable[PageHeaders]) -> dict[str, list[PageHeaders]]:
    """The pages of each host, in their order."""
    found: dict[str, list[PageHeaders]] = {}
    for page in pages:
        found.setdefault(page.host, []).append(page)
    return found


def header_names(pages: Iterable[PageHeaders]) -> list[str]:
    """All headers that any page has something to do with."""
    return list(dict.fromkeys(name for page in pages for name in page.headers))
