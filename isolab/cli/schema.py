"""`isolab schema`: the JSON Schemas, for editors and other tools."""

from __future__ import annotations

import json

import rich_click as click

from isolab.cli.options import verbose_option
from isolab.cli.written import require_writable, write_only
from isolab.reports import files, json_file
from isolab.reports.exit_code import EXIT_OK
from isolab.scenario.schema import json_schema


@click.command()
@click.option("-o", "--output", metavar="FILE", default=files.STDOUT, help="Write there (default: standard output).")
@click.option("--results", is_flag=True, help="The schema of the results file instead of the scenario file's.")
@verbose_option("Tracebacks.")
def schema(*, output: str, results: bool, verbose: bool) -> int:  # noqa: ARG001
    """Print the JSON Schema of scenario files."""
    text = json_file.schema() if results else json.dumps(json_schema(), indent=1) + "\n"
    require_writable(output)
    write_only(output, text)
    return EXIT_OK
