"""The reports that a run was asked for: looked at before it, written after it, whatever happened in between."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from secrets import token_hex

import rich_click as click

from isolab.cli.consoles import for_people
from isolab.cli.job import Job
from isolab.cli.surroundings import in_github_actions, repository
from isolab.cli.written import Report, write_all
from isolab.reports import files, html, json_file, junit, markdown, sarif
from isolab.reports.baseline import compared
from isolab.reports.closing import defect_text, print_all
from isolab.reports.exit_code import EXIT_INTERRUPTED, EXIT_USAGE
from isolab.reports.form import ResultsFile
from isolab.reports.retold import changed, exit_code_of


@dataclass(frozen=True, slots=True)
class Baseline:
    """The earlier results to compare with, and the name by which their file was given."""

    file: str
    results: ResultsFile


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where each format goes, `-` for standard output, None for nowhere.

    `github` adds annotations and the step's summary, None: where GitHub Actions runs this.
    """

    junit: str | None = None
    html: str | None = None
    sarif: str | None = None
    markdown: str | None = None
    json: str | None = None
    github: bool | None = None
    baseline: Baseline | None = None
    _token: str = field(default_factory=token_hex, init=False)
    """The word that ends what GitHub's runner must not take for commands: nobody outside can know it."""

    @property
    def options(self) -> list[str]:
        """The options by which they were asked for."""
        return [f"--{field.name}" for field in fields(self) if field.init and getattr(self, field.name)]

    @property
    def targets(self) -> list[str]:
        """The files asked for."""
        first, last = self._results_file()
        return [report.target for report in (*first, *self._files(), *last)]

    @property
    def takes_stdout(self) -> bool:
        """Whether people must be told things on standard error."""
        return files.STDOUT in self.targets

    def check(self) -> None:
        """Raise UsageError when a file cannot be written, or two formats would go to the same place."""
        for target in self.targets:
            if (why := files.obstacle(target)) is not None:
                raise click.UsageError(f"cannot write {target}: {why}")
        places = Counter(t if t == files.STDOUT else str(Path(t).resolve()) for t in self.targets if t != os.devnull)
        for place, count in places.items():
            if count > 1:
                raise click.UsageError(f"{place} is asked for twice: each report needs a file of its own")

    def guarded(self) -> AbstractContextManager[None]:
        """For as long as this is entered, GitHub's runner takes nothing for a command that pages and headers say."""
        job = self._job()
        return nullcontext() if job is None else job.guarded()

    def finish(self, results: ResultsFile, *, verbose: bool = False) -> int:
        """Say what changed since the baseline and write all that is asked for; returns the exit code."""
        results = self.compared(results)
        print_all(for_people(stderr=self.takes_stdout), changed(results))
        return self.write(results, verbose=verbose)

    def compared(self, results: ResultsFile) -> ResultsFile:
        """Give the results with what changed since the baseline, or as they are where there is none."""
        return results if self.baseline is None else compared(results, self.baseline.results, self.baseline.file)

    def write(self, results: ResultsFile, *, verbose: bool = False) -> int:
        """Write all that is asked for, and say what could not be written; returns the exit code.

        A format that cannot be made is a defect, kept in `results`. A report that cannot be written counts as wrong
        usage.
        """
        shown = len(results["defects"])
        job = self._job()
        first, last = self._results_file()
        complete = write_all([*first, *(job.reports() if job else ()), *self._files(), *last], results)
        if len(results["defects"]) > shown:
            # What went wrong with the others belongs into it.
            complete = write_all(first, results) and complete
        late = [defect_text(defect, verbose=verbose) for defect in results["defects"][shown:]]
        print_all(for_people(stderr=True), late)
        code = exit_code_of(results)
        return EXIT_USAGE if not complete and code != EXIT_INTERRUPTED else code

    def _results_file(self) -> tuple[list[Report], list[Report]]:
        """The results file, as one of the first or of the last to be written.

        It is first, so whatever ends us while another is made, the results are there; standard output takes it once.
        """
        reports = [] if self.json is None else [Report(self.json, json_file.render)]
        return ([], reports) if self.json == files.STDOUT else (reports, [])

    def _files(self) -> list[Report]:
        """The other formats that go to files."""
        formats = (
            (self.junit, junit.render),
            (self.html, html.render),
            (self.sarif, partial(sarif.render, root=repository())),
            (self.markdown, markdown.render),
        )
        return [Report(target, render) for target, render in formats if target is not None]

    def _job(self) -> Job | None:
        if not (in_github_actions() if self.github is None else self.github):
            return None
        return Job(sys.stderr if self.takes_stdout else sys.stdout, self._token, asked=bool(self.github))
