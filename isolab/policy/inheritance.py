"""Documents whose URL brings no response of its own: whose policies they have.

Sources: HTML, 7.1.7 "determining navigation params policy container" and 7.4.2.3.2 (javascript: URLs). For the opener
policy of a later top-level about:blank the standard's text has a fresh one; web-platform-tests and engines go by the
initiator, as for a popup's initial document, and so do these rules.
"""

from __future__ import annotations

from isolab.policy.document import Document
from isolab.policy.response import Hop

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#determining-navigation-params-policy-container"
_SCHEMES = ("about:blank", "about:srcdoc", "blob:", "data:", "javascript:")


def local_document(
    url: str,
    initiator: Document,
    *,
    parent: Document | None = None,
    replaced: Document | None = None,
    creator: Document | None = None,
    sandbox: frozenset[str] | None = None,
    allow: str | None = None,
    credentialless: bool = False,
) -> Document:
    """Make the document that a navigation to a local URL shows.

    `initiator` is the document that navigates (for a popup's initial about:blank: the one that opens it), `parent` the
    one whose frame it is, `replaced` the one that a javascript: URL runs in, `creator` the one that made a blob: URL
    (without it: the initiator).
    Raises ValueError where a URL is not local, or `replaced` or `parent` lacks that the URL needs.
    """
    source = _inherited_from(url, initiator, parent=parent, replaced=replaced, creator=creator)
    shown = source.url if url.lower().startswith("javascript:") else url
    response = Hop(shown, source.response.origin)
    return Document(response, parent, sandbox, allow, credentialless=credentialless, inherits=source)


def _inherited_from(
    url: str, initiator: Document, *, parent: Document | None, replaced: Document | None, creator: Document | None
) -> Document:
    scheme = next((known for known in _SCHEMES if url.lower().startswith(known)), None)
    sources = {
        "about:blank": initiator,
        "data:": initiator,
        "about:srcdoc": parent,
        "blob:": creator or initiator,
        "javascript:": replaced,
    }
    source = sources.get(scheme or "")
    if source is None:
        raise ValueError(f"{url}: no document to inherit from")
    return source
