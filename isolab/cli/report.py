"""`isolab report`: a run told again from its results file, or several runs as one."""

from __future__ import annotations

from collections.abc import Sequence

import rich_click as click

from isolab.cli.consoles import for_people, note
from isolab.cli.options import verbose_option
from isolab.cli.outputs import Outputs
from isolab.cli.report_options import ResultsParam, report_options
from isolab.reports.closing import print_all
from isolab.reports.form import ResultsFile
from isolab.reports.kept_files import missing
from isolab.reports.merge import merged
from isolab.reports.retold import retell, retell_briefly


@click.command()
@click.argument("files", metavar="RESULTS.json...", nargs=-1, required=True, type=ResultsParam())
@report_options
@click.option("-q", "--quiet", is_flag=True, help="Only what changed, notes and one line at the end.")
@verbose_option("Tracebacks of defects.")
def report(*, files: Sequence[ResultsFile], outputs: Outputs, quiet: bool, verbose: bool) -> int:
    """Tell a run again from the file that `--json` wrote, and make its reports in any format.

    Several files are told as one run: engines on several machines, or parts of a catalogue; the same one twice counts
    once. `-` reads standard input. The exit code is that of the run; of several the gravest.
    """
    outputs.check()
    distinct = [file for number, file in enumerate(files) if file not in files[:number]]
    results = outputs.compared(merged(distinct))
    told = retell_briefly(results, verbose=verbose) if quiet else retell(results, verbose=verbose)
    if outputs.html is not None and (away := missing(results)):
        many = f"{away[0]} is" if len(away) == 1 else f"{len(away)} kept files are"
        note(f"{many} not here, so the page only names what was kept: put it beside the results file")
    with outputs.guarded():
        print_all(for_people(stderr=outputs.takes_stdout), told)
        return outputs.write(results, verbose=verbose)
