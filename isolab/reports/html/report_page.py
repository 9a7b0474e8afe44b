"""The page as a whole: what everybody can read without a script, and beside it the data of every case."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader, StrictUndefined, Template

from isolab.reports.baseline import check_change, outcomes
from isolab.reports.complaints import sentence
from isolab.reports.form import ResultsFile, failing
from isolab.reports.html.case_view import Views
from isolab.reports.html.index import index
from isolab.reports.html.inlined import policy, script, style
from isolab.reports.html.overview import folders
from isolab.reports.html.packing import pack
from isolab.reports.html.web_links import case_link, web_link
from isolab.reports.known import differences
from isolab.reports.retold import headline
from isolab.reports.words import LABELS, one_line, plural, say, seconds, short_urls, visible

LISTED = 50
"""So many failures are listed at the top; the cases have all of them."""


def render(results: ResultsFile) -> str:
    """Make the page. Everything from scenarios and browsers is escaped, and nothing but its own script runs in it."""
    overview = folders(results)
    rows = [row for folder in overview for group in folder.groups for row in group.rows]
    views = Views(results)
    failures = [result for result in results["results"] if failing(result)]
    return _template().render(
        results=results,
        headline=headline(results).plain,
        unused=[engine["name"] for engine in results["engines"] if engine["failed"] is not None],
        folders=overview,
        failures=failures[:LISTED],
        unlisted=max(0, len(failures) - LISTED),
        differences=differences(results["results"]),
        index=index(results, rows),
        cases=pack(views.case(row) for row in rows),
        policy=policy(),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=ChoiceLoader(
            [
                # Included, since what is included is not escaped: neither holds anything from outside.
                DictLoader({"report.css": style(), "report.js": script()}),
                PackageLoader("isolab.reports.html", "inlined"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The filter `tojson` writes < > & and ' as escapes, so nothing ends the script element that the data stand in.
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    environment.filters |= {
        "say": say,
        "visible": visible,
        "one_line": one_line,
        "short_urls": short_urls,
        "seconds": seconds,
        "link": web_link,
        "plural": plural,
        "case_link": case_link,
        "sentence": sentence,
        "outcomes": outcomes,
        "check_change": check_change,
    }
    environment.globals |= {"labels": LABELS}
    return environment.get_template("report.html.j2")
