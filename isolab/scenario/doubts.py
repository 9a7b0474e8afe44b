"""What is right by the form and most likely not meant: policies that browsers ignore for a slip of the pen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import get_args

from isolab.policy.coep import COEP, CoepValue
from isolab.policy.coop import COOP, SentCoop
from isolab.policy.corp import CORP, CorpValue
from isolab.scenario.case import Case, Page
from isolab.scenario.unsaid import unsaid
from isolab.scenario.wording import listing

ON_PURPOSE = "header-syntax"
"""The tag of files that are about headers which browsers ignore: nothing in them is a slip of the pen."""

_KNOWN: dict[str, tuple[str, ...]] = {
    COOP: get_args(SentCoop),
    COEP: get_args(CoepValue),
    CORP: get_args(CorpValue),
}
_HEADERS = {header.lower(): header for header in _KNOWN}
_WORD = re.compile(r"[A-Za-z_-]+")
_GIVEN_UP = "restrict-properties"
"""A value of COOP in an experiment of Chromium that is over: who writes it knows it from there."""


def doubts(cases: Iterable[Case]) -> tuple[str, ...]:
    """A sentence for each thing that is doubted, each once: policies in the order of the cases, then words never said.

    A value that is more than one word (`same-origin;`) was written so on purpose.
    """
    every = list(cases)
    policies = (doubt for case in every if ON_PURPOSE not in case.tags for doubt in _of_case(case))
    return tuple(dict.fromkeys((*policies, *unsaid(every))))


def _of_case(case: Case) -> Iterator[str]:
    for page in case.pages.values():
        sends = f"{case.scenario}: page `{page.name}` sends"
        for name, value in page.headers:
            mend = _mend(name, value)
            if mend is not None:
                yield f"{sends} `{name}: {value}`, which browsers ignore: {mend}"
        yield from (f"{sends} {doubt}" for doubt in _repeats(page))


def _mend(name: str, value: str) -> str | None:
    """What may have been meant by a value; None for one that is known, or that is no single word."""
    header = _HEADERS.get(name.lower().removesuffix("-report-only"))
    if header is None or value in (*_KNOWN[header], _GIVEN_UP) or not _WORD.fullmatch(value):
        return None
    close = get_close_matches(value.lower().replace("_", "-"), _KNOWN[header], n=1, cutoff=0.8)
    if close:
        return f"did you mean `{close[0]}`?"
    others = [other for other, known in _KNOWN.items() if value.lower() in known]
    return f"it is a value of {listing(others)}" if others else f"the values are: {listing(_KNOWN[header])}"


def _repeats(page: Page) -> Iterator[str]:
    counts = Counter(name.lower() for name, _ in page.headers)
    for header, name in _HEADERS.items():
        if counts[header] > 1:
            yield (
                f"`{name}` {counts[header]} times, which browsers ignore: leave all but one out "
                f"(a file that means it has the tag `{ON_PURPOSE}`)"
            )
