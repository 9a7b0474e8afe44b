"""The sentences in which rows of kind dip say which documents there are, and what their policies are.

A document is named by its origin, its kind and its policy: `no-DIP opener`, `cross-origin DIP frame`,
`same-origin child with the same DIP`, `COI top (COOP+COEP)`.
"""

from __future__ import annotations

import re

from isolab.conform.headers import FIELDS, HOSTS
from isolab.conform.reader import NotStagedError
from isolab.policy.document import Document
from isolab.policy.isolation_policy import DIP
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

REQUIRE_CORP, CREDENTIALLESS = "isolate-and-require-corp", "isolate-and-credentialless"
_DIP = rf"{REQUIRE_CORP}|{CREDENTIALLESS}|none|no-DIP|DIP\+COEP|COEP|DIP"
_NAME = re.compile(
    rf"(?:(?P<relation>same-origin|same-site|cross-origin|cross-site) )?(?:(?P<isolated>COI) )?(?:(?P<before>{_DIP}) )?"
    r"(?P<kind>top|frame|child|popup|opener|page|document|creator)(?P<isolating> \(COOP\+COEP\))?"
    rf"(?: (?P<after>{_DIP}|without DIP|with DIP|with the same DIP|with another DIP))?"
)
_LEFT = {
    r"\bDIP\+COEP\b": "COEP",
    r"\bisolate-and-[a-z-]+\b": "none",
    r"\bwith (the same |another )?DIP\b": "without DIP",
    r"(?<!no-)(?<!without )\bDIP (?=[a-z])": "no-DIP ",
}
"""What is left of the words for policies."""
_RELATIONS = {"cross-origin": "same-site"}
"""What the suite calls cross-origin is on a sister host."""


def document_of(words: str, inside: Document | None = None, *, apart: Document | None = None) -> Document:
    """Make the document that some words name: in the document `inside`, or in a window beside the document `apart`.

    Raises NotStagedError for words that are not known.
    """
    name = _NAME.fullmatch(words)
    if name is None or (name["before"] and name["after"]):
        raise unknown(words)
    origin = _origin(name["relation"], inside or apart)
    said = name["after"] or name["before"] or "none"
    headers = [*_isolation(said, inside or apart)]
    if name["isolated"] or name["isolating"]:
        headers += [(FIELDS["coop"], "same-origin"), (FIELDS["coep"], "require-corp")]
    elif said in ("DIP+COEP", "COEP") or (inside and inside.embedder_policy.strict):
        headers += [(FIELDS["coep"], "require-corp"), (FIELDS["corp"], "cross-origin")]
    return Document(Hop(f"{origin}/{name['kind']}", origin, 200, tuple(headers)), inside)


def without_policies(sentence: str) -> str:
    """Say of a sentence what is left of it where nobody knows the policy."""
    for policy, left in _LEFT.items():
        sentence = re.sub(policy, left, sentence)
    return sentence


def unknown(words: str) -> NotStagedError:
    """What to raise about a sentence that is not known."""
    return NotStagedError(f"the row's subtest says {words!r}, which is not known")


def _origin(relation: str | None, beside: Document | None) -> Origin:
    if beside is None or relation in (None, "same-origin"):
        return beside.response.origin if beside else Origin("https", HOSTS["same-origin"])
    host = HOSTS[_RELATIONS.get(relation or "", relation or "")]
    if host == beside.response.origin.host:
        host = HOSTS["same-origin"]
    return Origin("https", host)


def _isolation(said: str, beside: Document | None) -> list[tuple[str, str]]:
    values = {"DIP": REQUIRE_CORP, "DIP+COEP": REQUIRE_CORP, "with DIP": REQUIRE_CORP}
    own = beside.isolation_policy.value if beside else "none"
    values["with the same DIP"] = own
    values["with another DIP"] = CREDENTIALLESS if own == REQUIRE_CORP else REQUIRE_CORP
    value = said if said in (REQUIRE_CORP, CREDENTIALLESS) else values.get(said, "none")
    return [] if value == "none" else [(DIP, value)]
