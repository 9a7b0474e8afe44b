"""Headers that rows tell in a sentence: `COOP same-origin + COEP require-corp`, `report-only require-corp`."""

from __future__ import annotations

import re

from isolab.conform.reader import Reader
from isolab.policy.coep import COEP, COEP_REPORT_ONLY
from isolab.policy.coop import COOP
from isolab.policy.corp import CORP
from isolab.policy.csp import CSP
from isolab.policy.frame_ancestors import XFO

_NAMES = {"COOP": COOP, "COEP": COEP, "CORP": CORP, "CSP": CSP, XFO: XFO, "report-only": COEP_REPORT_ONLY}
_PHRASE = re.compile(rf"(?:(?P<name>{'|'.join(map(re.escape, _NAMES))}) )?(?P<value>\S.*)")


def told_headers(part: Reader, key: str) -> tuple[tuple[str, str], ...]:
    """Read a field that has several headers in a sentence; a value alone is an embedder policy's.

    Raises NotStagedError where it is no such sentence.
    """
    text = part.text(key)
    if text is None:
        return ()
    found = [_PHRASE.fullmatch(phrase) for phrase in text.split(" + ")]
    if not all(match and (match.group("name") or _stands_alone(match.group("value"))) for match in found):
        raise part.unknown(key)
    return tuple((_NAMES[match.group("name") or "COEP"], match.group("value")) for match in found if match)


def without_told(text: str, header: str, value: str | None) -> str | None:
    """Take a header with this value (None: with any) out of a sentence; None if nothing is left of it."""
    phrases = [(phrase, _PHRASE.fullmatch(phrase)) for phrase in text.split(" + ")]
    told = {phrase for phrase, match in phrases if match and _NAMES[match["name"] or "COEP"] == header}
    kept = [phrase for phrase, m in phrases if phrase not in told or (m and value not in (None, m["value"]))]
    return " + ".join(kept) or None


def _stands_alone(value: str) -> bool:
    return " " not in value and value not in _NAMES
