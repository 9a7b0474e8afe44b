"""A scenario made from a row, in the very form that people write: each row can be saved, read and run as a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from isolab.conform.reader import NotStagedError
from isolab.policy.document import Document
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.scenario.case import Case, Scalar, Source
from isolab.scenario.fixtures import Fixtures
from isolab.scenario.load import load_source
from isolab.scenario.problem import ScenarioErrors

Form = dict[str, Any]
_NO_NAME = frozenset('/\\:*?"<>|')
# In C where PyYAML has it: the exhaustive matrix makes thousands of files.
_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_BASE):  # type: ignore[misc]  # which of the two is known only when it runs
    """Writes text of several lines, such as a page's script, as a block that a person can read."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)
    return node


_Dumper.add_representer(str, _text)


@dataclass
class Scene:
    """A scenario that grows: hosts and pages from the responses of the rules, steps and expectations as in a file."""

    title: str
    links: Sequence[str] = ()
    hosts: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Form] = field(default_factory=dict)
    flow: list[Form] = field(default_factory=list)
    expect: dict[str, Scalar] = field(default_factory=dict)

    def page(self, name: str, hop: Hop, **more: object) -> str:
        """Add a page with the response's address, status and headers; gives its name."""
        headers: dict[str, list[str]] = defaultdict(list)
        for header, value in hop.headers:
            if header != "Location":
                headers[header].append(value)
        form: Form = {"host": self.host(hop.origin), "path": hop.url.removeprefix(str(hop.origin))}
        if hop.status != 200:  # noqa: PLR2004
            form["status"] = hop.status
        if headers:
            form["headers"] = {key: values[0] if len(values) == 1 else values for key, values in headers.items()}
        self.pages[name] = {**form, **more}
        return name

    def way(self, name: str, hops: Sequence[Hop], **more: object) -> str:
        """Add the responses on the way to a page, redirects first; gives the name of the one that is asked for."""
        last = self.page(name, hops[-1], **more)
        for number, hop in reversed(list(enumerate(hops[:-1], start=1))):
            last = self.page(f"{name}-via-{number}", hop, redirect=last)
        return last

    def nest(self, document: Document) -> str:
        """Add a document and those around it; gives the name by which expectations know it: `top.frame`."""
        lineage = [*reversed(list(document.lineage()))]
        names = [each.url.rpartition("/")[2] for each in lineage]
        for outer, inner, name, within in zip(lineage, lineage[1:], names, names[1:], strict=False):
            attributes = {"allow": inner.allow, "sandbox": inner.sandbox and " ".join(sorted(inner.sandbox))}
            given = {key: value for key, value in attributes.items() if value is not None}
            self.page(name, outer.response, embed={within: {"iframe": within, **given}})
        self.page(names[-1], document.response)
        return ".".join(names)

    def host(self, origin: Origin) -> str:
        """Declare an origin; gives the name of its host in the scenario."""
        port = f"-{origin.port}" if origin.port else ""
        name = f"{origin.host.partition('.')[0]}{'' if origin.scheme == 'https' else '-http'}{port}"
        self.hosts.setdefault(name, str(origin))
        return name

    @property
    def text(self) -> str:
        """The scenario file."""
        form = {
            "title": self.title,
            "links": list(self.links),
            "hosts": self.hosts,
            "pages": self.pages,
            "flow": self.flow,
            "expect": self.expect,
        }
        given = {key: value for key, value in form.items() if value}
        return yaml.dump(given, Dumper=_Dumper, sort_keys=False, width=120)

    def case(self, identity: str) -> Case:
        """The case that the file has. Raises NotStagedError where nothing is expected, or the lab cannot play it."""
        if not self.expect:
            raise NotStagedError("nothing that the row states can be observed yet")
        try:
            (case,) = load_source(Source(f"{identity}.yaml", self.text), identity, _fixtures())
        except ScenarioErrors as errors:
            raise NotStagedError("; ".join(problem.message for problem in errors.problems)) from errors
        return case


@cache
def _fixtures() -> Fixtures:
    """The installation's: thousands of rows need not look for them anew."""
    return Fixtures()


def save(scene: Scene, folder: Path, identity: str) -> Path:
    """Write a scene as a scenario file in a folder, named by the row's id; gives its path. Raises OSError.

    What no file's name may have on some system, or would not show, is a dot in it.
    """
    path = folder / f"{''.join('.' if c in _NO_NAME or not c.isprintable() else c for c in identity)}.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(scene.text, encoding="utf-8")
    return path
