"""YAML text to a :class:`Document`: PyYAML reads, this module builds the data and notes the places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml
from yaml.nodes import Node, ScalarNode, SequenceNode

from isolab.scenario.case import Source
from isolab.scenario.core_schema import MAP, SEQ, Loader, scalar
from isolab.scenario.positions import Document, Extent, Path, Text
from isolab.scenario.problem import Problem, ScenarioErrors
from isolab.scenario.syntax import explain, needs_quotes, swallowed

_DEEPEST = 50
_MOST_REPEATS = 10_000
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(source: Source) -> Document:
    """Read YAML 1.2's core schema. Raises ScenarioErrors: every duplicate key, tag and recursion; the first bad syntax.

    Anchors and aliases are allowed as long as they neither contain themselves nor multiply beyond measure.
    """
    builder = _Builder(Text(source))
    builder.require_printable()
    root = builder.compose()
    data = builder.build(root, (), frozenset()) if root is not None else None
    if builder.problems:
        raise ScenarioErrors(builder.problems)
    return Document(source, data, builder.values, builder.keys)


@dataclass
class _Builder:
    text: Text
    values: dict[Path, Extent] = field(default_factory=dict)
    keys: dict[Path, Extent] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    repeats: int = 0

    def require_printable(self) -> None:
        """YAML 1.2, 5.1: control characters may not stand in the text."""
        found = _UNPRINTABLE.search(self.text.source.text)
        if found:
            name = f"U+{ord(found.group()):04X}"
            self.note("yaml", found.span(), f"the character {name} is not allowed in YAML", "remove it or escape it")
            raise ScenarioErrors(self.problems)

    def compose(self) -> Node | None:
        """PyYAML's node tree; the depth is checked first because composing is recursive."""
        try:
            self._check_events()
            return yaml.compose(self.text.source.text, Loader=Loader)  # type: ignore[arg-type]
        except yaml.MarkedYAMLError as error:
            fault = explain(error, self.text.source.text)
            self.note("yaml", fault.extent, fault.message, fault.hint)
            raise ScenarioErrors(self.problems) from error

    def _check_events(self) -> None:
        """Refuse what nests too deeply, and what PyYAML would take for something else than it was meant to be."""
        depth = 0
        for event in yaml.parse(self.text.source.text, Loader=Loader):  # type: ignore[arg-type]
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                self.note("yaml", _extent(event), "the file is nested too deeply", f"{_DEEPEST} levels are allowed")
                raise ScenarioErrors(self.problems)
            fault = swallowed(event, self.text.source.text)
            if fault is not None:
                self.note("yaml", fault.extent, fault.message, fault.hint)
                raise ScenarioErrors(self.problems)

    def build(self, node: Node, path: Path, parents: frozenset[int]) -> object:
        """The node's data; its places are noted under `path`."""
        if id(node) in parents:
            self.note("alias", _extent(node), "an anchor contains its own alias", "write the part out")
            return None
        self._count(node)
        self.values[path] = _extent(node)
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        inside = parents | {id(node)}
        if isinstance(node, SequenceNode):
            self._refuse_tag(node, SEQ)
            return [self.build(child, (*path, index), inside) for index, child in enumerate(node.value)]
        return self._mapping(node, path, inside)

    def _mapping(self, node: Node, path: Path, parents: frozenset[int]) -> dict[str, object]:
        self._refuse_tag(node, MAP)
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, data, path)
            if key is not None:
                self.keys[(*path, key)] = _extent(key_node)
                data[key] = self.build(value_node, (*path, key), parents)
        return data

    def _key(self, node: Node, data: dict[str, object], path: Path) -> str | None:
        """The key as text, whatever YAML would take it for; None when it cannot be used."""
        if not isinstance(node, ScalarNode):
            self.note("yaml", _extent(node), "a key has to be text", "write it without [] and {}")
            return None
        key: str = node.value
        if key in data:
            first = self.text.span(self.keys[(*path, key)]).line
            self.note("duplicate-key", _extent(node), f"duplicate key `{key}`", f"it stands already on line {first}")
            return None
        return key

    def _scalar(self, node: ScalarNode) -> object:
        try:
            return scalar(node.tag, node.value)
        except (KeyError, ValueError):
            self._note_tag(node, _extent(node))
            return None

    def _refuse_tag(self, node: Node, allowed: str) -> None:
        if node.tag != allowed:
            start = node.start_mark.index
            self._note_tag(node, (start, start + 1))

    def _note_tag(self, node: Node, extent: Extent) -> None:
        own = node.tag.startswith("!")  # none of YAML's: perhaps it was meant as text
        quoted = f", or {needs_quotes(self.text.source.text, extent[0])}" if own else ""
        self.note("tag", extent, f"the tag `{_tag(node)}` cannot stand here", f"remove it{quoted}")

    def _count(self, node: Node) -> None:
        """Stop where aliases of aliases multiply (the billion laughs)."""
        self.repeats += id(node) in self.seen
        self.seen.add(id(node))
        if self.repeats > _MOST_REPEATS:
            message = "aliases repeat too much of this file"
            self.note("alias", _extent(node), message, f"more than {_MOST_REPEATS} values would be copies")
            raise ScenarioErrors(self.problems)

    def note(self, code: str, extent: Extent, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, self.text.source, self.text.span(extent), hint))


def _tag(node: Node) -> str:
    """The tag as the file has it, if it is one of YAML's own."""
    return str(node.tag).replace("tag:yaml.org,2002:", "!!")


def _extent(node: Node | yaml.Event) -> Extent:
    """From mark to mark: a block's end may lie beyond blank lines, which :class:`Text` leaves out."""
    start, end = node.start_mark, node.end_mark
    return (start.index, end.index) if start is not None and end is not None else (0, 0)
