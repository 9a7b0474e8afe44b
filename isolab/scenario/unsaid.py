"""Words that no page is expected to say, and none can: such an expectation holds however the key is misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from isolab.scenario.case import Case, Endpoint, Fixture, Forwarded, Published
from isolab.scenario.fixtures import PROVIDER, fixture_text
from isolab.scenario.positions import Document, Path
from isolab.scenario.yaml import parse

_SAYS = ".says."
_PLAIN = r"""\s*(['"])([^'"]*)\1\s*[,)]"""
_SAID = re.compile(rf"\bsay\({_PLAIN}")
_COMPUTED = re.compile(rf"\bsay\((?!{_PLAIN})|isolab\.say\b(?!\()|\bsay\b[^(){{}}]*\}}\s*=\s*isolab")
"""A call whose key is no plain text, or the function handed on: what is said then is not to be read off.

In isolab's own fixtures each key stands as a text all the same.
"""


def unsaid(cases: Iterable[Case]) -> Iterator[str]:
    """A sentence for each key that a file expects only ever as null and that stands in none of its pages.

    Files whose pages come from a server of the user's own, or that serve a library, are left out: nobody here knows
    what those say.
    """
    files: dict[str, list[Case]] = {}
    for case in cases:
        files.setdefault(case.scenario, []).append(case)
    for own in files.values():
        if _hopes_for_silence(own) and not _is_foreign(own):
            yield from _of_file(own)


def _hopes_for_silence(cases: Sequence[Case]) -> bool:
    """Whether there is anything to look for, which spares most files from being read again."""
    return any(check.fact.startswith("says.") and check.expected is None for case in cases for check in case.checks)


def _is_foreign(cases: Sequence[Case]) -> bool:
    pages = (page for case in cases for page in case.pages.values())
    return any(case.upstreams for case in cases) or any(isinstance(page.body, Forwarded | Published) for page in pages)


def _of_file(cases: Sequence[Case]) -> Iterator[str]:
    document = parse(cases[0].source)
    own = _own(document)
    if _COMPUTED.search(own):
        return
    text = f"{own}\n{_borrowed(cases)}"
    for name, path in _only_null(document).items():
        key = name.partition(_SAYS)[2]
        if key not in text:
            near = get_close_matches(key, [said for _, said in _SAID.findall(text)], n=1)
            mend = f"did you mean `{near[0]}`?" if near else "is it spelt as the page says it?"
            yield (
                f"{cases[0].scenario}:{document.key(path).line}: `{name}` is null whatever happens, since no page "
                f"of the file says `{key}`: {mend}"
            )


def _only_null(document: Document) -> dict[str, Path]:
    """The names that are never expected as, nor known to be, anything but null, and where each stands first."""
    found: dict[str, Path] = {}
    spoken: set[str] = set()
    for path in document.values:
        name = path[-1] if path else ""
        if isinstance(name, str) and _SAYS in name and path[0] in ("expect", "differences"):
            found.setdefault(name, path)
            spoken |= set() if document.at(path) is None else {name}
    return {name: path for name, path in found.items() if name not in spoken}


def _own(document: Document) -> str:
    """Every text that the file has for its pages: their HTML, and what their scripts read."""
    values = (document.at(path) for path in document.values if path[:1] in (("pages",), ("matrix",)))
    return "\n".join(value for value in values if isinstance(value, str))


def _borrowed(cases: Sequence[Case]) -> str:
    """The text of the fixtures that the pages are, those of the sign-in provider included."""
    bodies = [page.body for case in cases for page in case.pages.values()]
    fixtures = {body.name for body in bodies if isinstance(body, Fixture)}
    provider = {PROVIDER} if any(isinstance(body, Endpoint) for body in bodies) else set()
    return "\n".join(map(fixture_text, sorted(fixtures | provider)))
