"""What of a scenario's or engine's text may become a link."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_SAFE_IN_FRAGMENT = "/.,:@-_~!*()"


def web_link(text: str) -> str | None:
    """Give the text where it is an http or https URL, which alone may become a link, else None."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc and text.isprintable() else None


def case_link(id_: str) -> str:
    """Give the fragment by which the page opens a case; its script reads it as a form's data (URL Standard)."""
    # A lone surrogate, which a page may have said, has no form in UTF-8.
    return f"#case={quote(id_, _SAFE_IN_FRAGMENT, errors='replace')}"
