"""From a page of a case to the bytes that are served: fixtures, HTML of the scenario, and the probe put into both."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from isolab.lab.document import HTML
from isolab.lab.record import NONCE
from isolab.libraries import cached_file, libraries
from isolab.policy.terms import Origin
from isolab.resources import resource
from isolab.scenario.case import Case, Click, Embed, Fixture, Html, Page, Popup, Published, Scalar, Wait
from isolab.scenario.responses import chain

MEASURED_ON_DEMAND = ("sharedMemory", "timers", "measureMemory")
"""Facts that cost a worker or milliseconds: a page measures them only where the case asks for them."""

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
}


_PLACEHOLDER = re.compile(r"\$\{\{\s*(url|origin|report)\.([\w.-]+)\s*\}\}")
_SPACE = rb"(?:\s|<!--.*?-->)*"
_ATTRIBUTES = rb"(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?"
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?" + _SPACE + rb"(?:<!doctype[^>]*>)?" + _SPACE
    + rb"(?:<html" + _ATTRIBUTES + rb">)?" + _SPACE + rb"(?:<head" + _ATTRIBUTES + rb">)?",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
"""What may stand in a document before its first content: the probe goes behind it, before every script of the page."""


@dataclass(frozen=True, slots=True)
class Body:
    """`probed`: it carries a probe, so it is a document or worker that will report."""

    content: bytes
    content_type: str
    probed: bool


class Renderer:
    """Renders the pages of one case.

    `place` gives the real origin of one that the scenario names, `reports` is the path of its report endpoints.
    """

    def __init__(self, case: Case, place: Callable[[Origin], str], reports: str) -> None:
        self._case = case
        self._place = place
        self._reports = reports
        self.obeying = obeying_frames(case)
        self.measure = tuple(f for f in MEASURED_ON_DEMAND if any(c.fact == f for c in case.checks))

    def _address(self, page: Page) -> str:
        return self._place(page.origin) + page.path

    def location(self, to: str) -> str:
        """The Location of a redirect to a page."""
        return self._address(self._case.pages[to])

    def body(self, page: Page, document: str) -> Body:
        """The bytes of a page; `document` is the id under which its probe reports."""
        if isinstance(page.body, Html):
            text = self.fill(page.body.text, page).encode()
            if not _is_document(page):
                return Body(text, CONTENT_TYPES[".js"], probed=False)
            content = _with_probe(text, self._config(page, self._filled(page, page.body.options), document), document)
            return Body(content, CONTENT_TYPES[".html"], probed=True)
        if isinstance(page.body, Published):
            return self._published(page, page.body, document)
        if isinstance(page.body, Fixture):
            return self._fixture(page, page.body, document)
        return self.nothing()

    @staticmethod
    def nothing() -> Body:
        """The body of a redirect."""
        return Body(b"", CONTENT_TYPES[".html"], probed=False)

    def shown(self, page: Page, fixture: str, options: Mapping[str, Scalar], document: str) -> Body:
        """A page that the server shows by itself; the options may be anybody's text, in which nothing is filled in."""
        content = _with_probe(_read(fixture_path(fixture)), self._config(page, options, document), document)
        return Body(content, CONTENT_TYPES[".html"], probed=True)

    def _published(self, page: Page, published: Published, document: str) -> Body:
        path = cached_file(libraries()[published.library])
        content, probed = _read(path), path.suffix == ".html"
        content = self.with_probe(page, content, document) if probed else content
        return Body(content, CONTENT_TYPES[path.suffix], probed=probed)

    def with_probe(self, page: Page, html: bytes, document: str) -> bytes:
        """Somebody else's HTML for a page, with the probe in it."""
        return _with_probe(html, self._config(page, {}, document), document)

    def _fixture(self, page: Page, fixture: Fixture, document: str) -> Body:
        path = fixture_path(fixture.name)
        content_type = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
        content = _read(path)
        options = self._filled(page, fixture.options)
        if path.suffix == ".html":
            content = _with_probe(content, self._config(page, options, document), document)
        elif path.stem == "worker":
            content = _with_worker_probe(content, self._config(page, options, document))
        return Body(content, content_type, probed=path.suffix == ".html" or path.stem == "worker")

    def _filled(self, page: Page, options: Mapping[str, Scalar]) -> dict[str, Scalar]:
        return {k: self.fill(v, page) if isinstance(v, str) else v for k, v in options.items()}

    def _config(self, page: Page, options: Mapping[str, Scalar], document: str) -> str:
        config = {
            "doc": document,
            "page": page.name,
            "with": dict(options),
            "urls": {name: self._address(other) for name, other in self._case.pages.items()},
            "measure": self.measure,
            "obeys": page.name in self.obeying,
            "quiet": page.quiet,
            "embeds": [self._embed(embed, page) for embed in page.embeds],
        }
        # `<` could end the script element, U+2028 and U+2029 a line of it.
        return json.dumps(config).replace("<", "\\u003c")

    def _embed(self, embed: Embed, page: Page) -> dict[str, object]:
        url = self._address(self._case.pages[embed.page])
        return {
            "name": embed.name,
            "kind": embed.kind,
            "url": url,
            "attributes": {k: self.fill(v, page) for k, v in embed.attributes},
        }

    def fill(self, text: str, page: Page) -> str:
        """Text of a page with what `${{ url.PAGE }}`, `${{ origin.HOST }}` and `${{ report.NAME }}` stand for.

        A report's endpoint is on the page's own origin, so that nobody has to be asked before one is delivered.
        """

        def value(match: re.Match[str]) -> str:
            kind, name = match.groups()
            if kind == "url":
                return self._address(self._case.pages[name])
            if kind == "report":
                return f"{self._place(page.origin)}{self._reports}{name}"
            return self._place(self._case.hosts[name])

        return _PLACEHOLDER.sub(value, text)


def _is_document(page: Page) -> bool:
    """Whether a page of the scenario's own is HTML: in a script, a text or any other type the probe has no place."""
    sent = page.header("Content-Type")
    return sent is None or sent.partition(";")[0].strip().lower() in HTML


def obeying_frames(case: Case) -> frozenset[str]:
    """The pages in frames in which steps act or whose words are asked for: their probes take commands, too."""
    steps = (step.frame for step in case.steps if isinstance(step, Popup | Click | Wait))
    heard = (check.subject.split(".")[1:] for check in case.checks if check.fact.startswith("says."))
    names = {name for way in itertools.chain(steps, heard) for name in way}
    asked = (embed.page for page in case.pages.values() for embed in page.embeds if embed.name in names)
    return frozenset(chain(case, page)[-1].name for page in asked)


def fixture_path(name: str) -> Path:
    """The file of a fixture, by its name with or without ending. Raises FileNotFoundError."""
    folder = resource("fixtures")
    candidates = [folder / name] if (folder / name).is_file() else sorted(folder.glob(f"{name}.*"))
    if not candidates:
        raise FileNotFoundError(f"no fixture `{name}` in {folder}")
    return candidates[0]


@lru_cache(maxsize=64)
def _read(path: Path) -> bytes:
    return path.read_bytes()


def _probe(part: str) -> bytes:
    folder = resource("fixtures")
    return _read(folder / "probe-measure.js") + _read(folder / f"probe-{part}.js")


def _with_probe(html: bytes, config: str, document: str) -> bytes:
    # By the attribute a driver tells the windows apart that show the same URL.
    begin = f'<script nonce="{NONCE}" data-isolab="{document}">(() => {{\n'.encode()
    script = b"%s%s\nisolabWindow(%s);\n})();</script>" % (begin, _probe("window"), config.encode())
    beginning = _BEGINNING.match(html)
    at = beginning.end() if beginning else 0
    return html[:at] + script + html[at:]


def _with_worker_probe(script: bytes, config: str) -> bytes:
    return b"(() => {\n%s\nisolabWorker(%s);\n})();\n%s" % (_probe("worker"), config.encode(), script)
