"""A response, as a static scenario describes it and as a server's log has it."""

from __future__ import annotations

from dataclasses import dataclass

from isolab.policy.fields import combined
from isolab.policy.terms import Origin

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_DOCUMENT = frozenset({204, 205})


@dataclass(frozen=True, slots=True)
class Hop:
    """One response on the way of a navigation or a fetch: a redirect, or the end of the way.

    `origin` is that of `url`. `headers` are the field lines as (name, value) in the order sent.
    """

    url: str
    origin: Origin
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def redirects(self) -> bool:
        """Whether the browser goes on to a Location."""
        return self.status in _REDIRECTS and combined(self.headers, "Location") is not None

    @property
    def leaves_document(self) -> bool:
        """Whether a navigation that ends here changes nothing (HTML, 7.4.5: no content, or a download)."""
        disposition = combined(self.headers, "Content-Disposition") or ""
        return self.status in _NO_DOCUMENT or disposition.lower().startswith("attachment")

    def field_line(self, name: str) -> str:
        """Show the field as `Name: value`, repeated lines joined, or "" where it is not sent."""
        text = combined(self.headers, name)
        return "" if text is None else f"{name}: {text}"
