"""The files that a run was asked for: looked at before it, written after it, whatever happened in between."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import rich_click as click
from rich.text import Text

from isolab.cli.consoles import for_people
from isolab.reports import files, html, json_file, junit
from isolab.reports.closing import defect_text, print_all
from isolab.reports.document import ConformanceEntry, ResultsFile, document
from isolab.reports.tally import EXIT_INTERRUPTED, EXIT_USAGE, Tally
from isolab.reports.words import visible


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where each format goes, `-` for standard output, None for nowhere.

    `conformance` says what a conformance run has beside its cases.
    """

    json: str | None = None
    junit: str | None = None
    html: str | None = None
    conformance: Callable[[Tally], ConformanceEntry] | None = None

    @property
    def options(self) -> list[str]:
        """The options by which they were asked for."""
        targets = {"--json": self.json, "--junit": self.junit, "--html": self.html}
        return [option for option, target in targets.items() if target is not None]

    @property
    def targets(self) -> list[str]:
        """The files asked for."""
        return [target for target in (self.json, self.junit, self.html) if target is not None]

    @property
    def takes_stdout(self) -> bool:
        """Whether people must be told things on standard error."""
        return files.STDOUT in self.targets

    def check(self) -> None:
        """Raise UsageError when a file cannot be written, or two formats would go to the same place."""
        for target in self.targets:
            if (why := files.obstacle(target)) is not None:
                raise click.UsageError(f"cannot write {target}: {why}")
        places = Counter(t if t == files.STDOUT else str(Path(t).resolve()) for t in self.targets if t != "/dev/null")
        for place, count in places.items():
            if count > 1:
                raise click.UsageError(f"{place} is asked for twice: each report needs a file of its own")

    def write(self, tally: Tally) -> list[str]:
        """Write all that is asked for; returns a message for each file that could not be written.

        A format that cannot be made is a defect in the tally. JSON goes last, so it holds such defects too.
        """
        formats: tuple[tuple[str | None, Callable[[ResultsFile], str]], ...] = (
            (self.junit, junit.render),
            (self.html, html.render),
            (self.json, json_file.render),
        )
        made = [self._write(target, render, tally) for target, render in formats if target is not None]
        return [message for message in made if message is not None]

    def _write(self, target: str, render: Callable[[ResultsFile], str], tally: Tally) -> str | None:
        try:
            text = render(document(tally, self.conformance and self.conformance(tally)))
        except Exception:  # noqa: BLE001 - one format's defect must not take the other files with it
            tally.defects.append(traceback.format_exc())
            return None
        try:
            files.write(target, text)
        except OSError as error:
            return f"could not write {target}: {error.strerror or error}"
        return None

    def finish(self, tally: Tally, *, verbose: bool = False) -> int:
        """Write the files and say what could not be; returns the run's exit code, with it counted as wrong usage."""
        shown = len(tally.defects)
        unwritten = self.write(tally)
        late = [defect_text(defect, verbose=verbose) for defect in tally.defects[shown:]]
        print_all(for_people(stderr=True), [*late, *(Text(f"error: {visible(message)}") for message in unwritten)])
        code = tally.exit_code()
        return EXIT_USAGE if unwritten and code != EXIT_INTERRUPTED else code
