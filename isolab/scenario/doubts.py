"""What is right by the form and most likely not meant: policies that browsers ignore for a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import get_args

from isolab.policy.coep import COEP, CoepValue
from isolab.policy.coop import COOP, SentCoop
from isolab.policy.corp import CORP, CorpValue
from isolab.scenario.case import Case

_KNOWN = {
    COOP.lower(): get_args(SentCoop),
    COEP.lower(): get_args(CoepValue),
    CORP.lower(): get_args(CorpValue),
}
_WORD = re.compile(r"[A-Za-z-]+")


def doubts(cases: Iterable[Case]) -> tuple[str, ...]:
    """A sentence for each value that is nearly one that browsers know, in the order of the cases.

    A value that differs in more than letters (`same-origin;`) was written so on purpose.
    """
    return tuple(dict.fromkeys(doubt for case in cases for doubt in _of_case(case)))


def _of_case(case: Case) -> Iterator[str]:
    for page in case.pages.values():
        for name, value in page.headers:
            near = _nearly(name, value)
            if near is not None:
                yield (
                    f"{case.scenario}: page `{page.name}` sends `{name}: {value}`, which browsers ignore: "
                    f"did you mean `{near}`?"
                )


def _nearly(name: str, value: str) -> str | None:
    known = _KNOWN.get(name.lower().removesuffix("-report-only"), ())
    if not known or value in known or not _WORD.fullmatch(value):
        return None
    close = get_close_matches(value.lower(), known, n=1, cutoff=0.8)
    return close[0] if close and close[0] != value.lower() else None
