"""A scenario to its cases: every combination of the matrix that is not excluded, filled in and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from isolab.libraries import missing_libraries
from isolab.scenario.case import ENGINE_NAMES, Case, Page, Published, Scalar
from isolab.scenario.cross_check import MOST_CASES, check_usage, count_combinations
from isolab.scenario.expect import Judge, Usage
from isolab.scenario.fixtures import Fixtures
from isolab.scenario.flow import build_flow
from isolab.scenario.hosts import resolve_hosts, resolve_upstreams
from isolab.scenario.identity import case_id
from isolab.scenario.matching import matches
from isolab.scenario.model import ScenarioFile
from isolab.scenario.pages import build_pages
from isolab.scenario.placeholders import fill_sections
from isolab.scenario.positions import Document, Report
from isolab.scenario.provider_build import build_provider, with_endpoints
from isolab.scenario.validate import validate
from isolab.scenario.wording import listing

Params = Mapping[str, Scalar]


def _without_libraries(pages: Mapping[str, Page]) -> dict[str, str]:
    """Why the case cannot run on this machine, for every engine: a library that it serves was never got."""
    served = {page.body.library for page in pages.values() if isinstance(page.body, Published)}
    missing = [library.title for library in missing_libraries() if library.name in served]
    why = f"not on this machine: {listing(missing)} (`isolab doctor --install` gets it from npm)"
    return {str(engine): why for engine in ENGINE_NAMES} if missing else {}


def combinations(file: ScenarioFile) -> Iterator[Params]:
    """The matrix multiplied out, its last parameter running fastest, without what `exclude` matches."""
    for values in product(*file.matrix.values()):
        params = dict(zip(file.matrix, values, strict=True))
        if not any(matches(pattern, params) for pattern in file.exclude):
            yield params


@dataclass(frozen=True)
class Expander:
    """Makes the cases of one file; problems go into the report, and then the cases are not to be used."""

    scenario: str
    document: Document
    data: Mapping[str, object]
    fixtures: Fixtures
    report: Report

    def cases(self, file: ScenarioFile) -> list[Case]:
        """All cases in the matrix's order."""
        if count_combinations(file) > MOST_CASES:
            return []
        every = list(combinations(file))
        if not every and not self.report:
            self.report.key("all-excluded", ("exclude",), "`exclude` leaves no case", "leave some combination in")
        usage = Usage()
        cases = [self._case(params, usage) for params in every]
        if every and not self.report:
            check_usage(file, usage, self.report)
        return self._with_own_ids([case for case in cases if case is not None])

    def _case(self, params: Params, usage: Usage) -> Case | None:
        file = validate(self.document, fill_sections(self.data, params), self.report)
        if file is None:
            return None
        file = with_endpoints(file, self.report)
        hosts = resolve_hosts(file, self.report)
        pages = build_pages(file, hosts, self.fixtures, self.report)
        flow = build_flow(file, self.report)
        checks = Judge(file, flow, params, self.report, usage).checks()
        identity = case_id(self.scenario, params)
        if not checks and not self.report:
            hint = "add an expectation, or `exclude` the combination"
            self.report.key("no-expectations", ("expect",), f"nothing is expected of the case {identity}", hint)
        return Case(
            id=identity,
            source=self.document.source,
            title=file.title,
            params=params,
            hosts=hosts,
            pages=pages,
            steps=tuple(flow.steps),
            checks=checks,
            timeout_s=file.timeout,
            tags=tuple(file.tags),
            links=tuple(file.links),
            skip={**_without_libraries(pages), **{str(engine): why for engine, why in file.skip.items()}},
            provider=build_provider(file, pages, self.report),
            upstreams=resolve_upstreams(file, hosts, self.report),
        )

    def _with_own_ids(self, cases: list[Case]) -> list[Case]:
        """The cases; two that read alike (`1` and `"1"`, null and `absent`) cannot be told apart in reports."""
        seen: set[str] = set()
        for case in cases:
            if case.id in seen and not self.report:
                hint = "two values of a parameter look the same when written out"
                self.report.key("same-id", ("matrix",), f"two cases have the id {case.id}", hint)
            seen.add(case.id)
        return cases
