"""The smallest change of headers that isolates a document, by the rules alone: on which responses, to what.

Pure. What else the headers change (popups lose their opener, embedded resources need leave) is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isolab.explain.resending import sending
from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.policy.document import Document
from isolab.policy.isolation import document_isolation


def isolation_mend(document: Document) -> str:
    """What has to be sent on the page and the pages around it, as one clause; "" where headers do not do it.

    So it is where it is isolated anyway, and where Permissions Policy or an insecure context keeps it from that.
    """
    if document_isolation(document).isolated or not document_isolation(_isolating(document)).isolated:
        return ""
    told = dict.fromkeys(
        f"{' and '.join(f'`{name}: {value}`' for name, value in headers)} on {each.url}"
        for each in reversed(list(document.lineage()))
        if (headers := list(_missing(each)))
    )
    return f"send {' and '.join(told)}"


def _missing(document: Document) -> Iterator[tuple[str, str]]:
    if document.parent is None and document.opener_policy.value not in ("same-origin", "same-origin-plus-COEP"):
        yield COOP, "same-origin"
    if not document.embedder_policy.strict:
        yield COEP, "require-corp"


def _isolating(document: Document) -> Document:
    """The same document once it and those around it send what they do not."""
    response = document.response
    for name, value in _missing(document):
        response = sending(response, name, value)
    return replace(document, response=response, parent=document.parent and _isolating(document.parent))
