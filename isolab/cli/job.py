"""What a job of GitHub Actions gets: annotations and a summary, and a runner that takes nothing else for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TextIO

from isolab.cli.surroundings import repository, step_summary
from isolab.cli.written import Report
from isolab.reports import files, github, markdown
from isolab.reports.form import ResultsFile

_SUMMARY = partial(markdown.render, limit=markdown.SUMMARY)


@dataclass(frozen=True, slots=True)
class Job:
    """`stream` is where commands are printed: the runner reads both streams, so it is the one without a report.

    `token` ends what the runner must not take for commands; nobody outside can know it. `asked` says whether somebody
    asked for this, or it is here because GitHub Actions runs us.
    """

    stream: TextIO
    token: str
    asked: bool

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """For as long as this is entered the runner takes nothing for a command that pages and headers say."""
        self._print("", github.stop(self.token))
        try:
            yield
        finally:
            self._print("", github.resume(self.token))

    def reports(self) -> Iterator[Report]:
        """The annotations, to be written while guarded, and the summary where the step has one."""
        yield Report(files.STDOUT, self._annotations, self._print)
        if (summary := step_summary()) is not None:
            # Where nobody asked for it, it is no reason to fail: the job may run us in a container without that file.
            yield Report(summary, _SUMMARY, files.append, asked=self.asked)

    def _annotations(self, results: ResultsFile) -> str:
        told = github.render(results, repository())
        return f"{github.resume(self.token)}{told}{github.stop(self.token)}" if told else ""

    def _print(self, _target: str, text: str) -> None:
        files.put_out(self.stream, text)
