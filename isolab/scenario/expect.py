"""The file's expectations to the checks of one case: general first, exceptions later, the last that matches wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from isolab.scenario.case import Check, EngineName, Scalar
from isolab.scenario.case import Difference as CaseDifference
from isolab.scenario.facts import PAGE, SAYS, Kind, allowed
from isolab.scenario.flow import Flow
from isolab.scenario.matching import engines, matches
from isolab.scenario.model import Block, ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Path, Report
from isolab.scenario.references import require_page
from isolab.scenario.targets import Target, Unknown, find_target
from isolab.scenario.wording import alike, plain, suggestion


@dataclass
class Usage:
    """Which blocks and differences some case needed: those left over at the end are mistakes.

    `blocks` and `differences` are for some case. `observed` are about a fact that is expected, `different` are in some
    case not what is expected.
    """

    blocks: set[Path] = field(default_factory=set)
    differences: set[Path] = field(default_factory=set)
    observed: set[Path] = field(default_factory=set)
    different: set[Path] = field(default_factory=set)


def block_paths(file: ScenarioFile) -> Iterator[tuple[Path, Block]]:
    """Every block of expectations with its place."""
    if isinstance(file.expect, Block):
        yield ("expect",), file.expect
    else:
        yield from ((("expect", index), block) for index, block in enumerate(file.expect))


@dataclass(frozen=True)
class Judge:
    """Builds the checks of one case."""

    file: ScenarioFile
    flow: Flow
    params: Mapping[str, Scalar]
    report: Report
    usage: Usage

    def checks(self) -> tuple[Check, ...]:
        """Checks in the order in which the file first names their facts; several of one fact have disjoint engines."""
        winners: dict[str, dict[EngineName, Check]] = {}
        for path, block in block_paths(self.file):
            if matches(block.when, self.params):
                self.usage.blocks.add(path)
                for check in self._block(path, block):
                    winners.setdefault(check.what, {}).update(dict.fromkeys(check.engines, check))
        checks = [check for by_engine in winners.values() for check in _grouped(by_engine)]
        return tuple(self._with_differences(checks))

    def _block(self, path: Path, block: Block) -> Iterator[Check]:
        for name, value in (block.model_extra or {}).items():
            target = self._target(name, value, (*path, name))
            if target is not None:
                span = self.report.document.value((*path, name))
                yield Check(target.subject, target.fact, value, span, engines(block.when))

    def _target(self, name: str, value: Scalar, path: Path) -> Target | None:
        target = find_target(name, self.file, self.flow)
        if isinstance(target, Unknown):
            self._report_unknown(target, name, path)
            return None
        if self._is_forgotten(path):
            hint = "write `null` if no page is to say it" if target.kind is SAYS.kind else allowed(target.kind)
            self.report.value("no-value", path, f"`{name}` has no value", hint)
        else:
            self._require_kind(name, target.kind, value, path)
        return target

    def _is_forgotten(self, path: Path) -> bool:
        """Whether nothing at all stands in the file, which YAML takes for null."""
        start, end = self.report.document.values[path]
        return start == end

    def _report_unknown(self, unknown: Unknown, name: str, path: Path) -> None:
        """With the caret under the wrong part of the dotted name."""
        document = self.report.document
        start, end = document.keys[path]
        index = 0 if name.startswith(unknown.part) else len(name) - len(unknown.part)
        whole = document.source.text[start:end] != name
        extent = (start, end) if whole else (start + index, start + index + len(unknown.part))
        self.report.span(unknown.code, document.text.span(extent), unknown.message, unknown.hint)

    def _require_kind(self, name: str, kind: Kind, value: Scalar, path: Path) -> None:
        if isinstance(value, str) and OPEN in value:
            return
        if not kind.accepts(value):
            hint = suggestion(plain(value), map(plain, kind.choices), allowed(kind))
            self.report.value("wrong-value", path, f"`{name}` cannot be `{plain(value)}`", hint)
        elif kind is PAGE and isinstance(value, str):
            require_page(value, path, self.file, self.report)

    def _with_differences(self, checks: list[Check]) -> list[Check]:
        for index, difference in enumerate(self.file.differences):
            if matches(difference.when, self.params):
                self.usage.differences.add(("differences", index))
                checks = [self._with_difference(check, index) for check in checks]
        return checks

    def _with_difference(self, check: Check, index: int) -> Check:
        difference = self.file.differences[index]
        if check.what not in difference.observed or difference.engine not in check.engines:
            return check
        path = ("differences", index, "observed", check.what)
        self.usage.observed.add(path)
        value = difference.observed[check.what]
        if not alike(value, check.expected):
            self.usage.different.add(path)
        self._target(check.what, value, path)
        span = self.report.document.value(path)
        known = CaseDifference(difference.engine, difference.versions, value, difference.bug, difference.note, span)
        return replace(check, differences=(*check.differences, known))


def _grouped(by_engine: Mapping[EngineName, Check]) -> Iterator[Check]:
    """One check for the engines that share an expectation."""
    spans = {check.span: check for check in by_engine.values()}
    for span, check in spans.items():
        yield replace(check, engines=tuple(engine for engine in check.engines if by_engine[engine].span == span))
