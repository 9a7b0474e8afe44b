"""Hold each `cut` of a results file against the rules and against what the server sent.

`isolab run --json results.json; python tests/bench/cuts.py results.json`: for every popup that was seen severed in an
engine that does there what the standard says, the results name the response by which `isolab explain` says the link is
cut, and the server sent that response, with that header. Exits with 1 where one does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from isolab.explain.explain import explain_case
from isolab.reports.form import CutEntry, ResultEntry
from isolab.reports.reread import read
from isolab.resources import resource
from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios


def severed(result: ResultEntry) -> Iterator[str]:
    """The popups that were seen severed as the standard says."""
    for check in result["checks"]:
        popup, _, fact = check["what"].rpartition(".")
        if fact == "opener" and check["observed"] == "severed" and check["difference"] is None:
            yield popup


def by_the_rules(case: Case, popup: str) -> tuple[str, int] | None:
    """The URL (without its query) and the status of the response that cuts."""
    link = next(link for link in explain_case(case).links if link.popup == popup)
    hop = link.hops[link.cut - 1] if link.cut else None
    return (hop.url.partition("?")[0], hop.status) if hop else None


def was_sent(cut: CutEntry, result: ResultEntry) -> bool:
    """Whether the server sent such a response; without a header, one that has none of that name."""
    name = cut["header"].partition(":")[0].strip().lower() or "cross-origin-opener-policy"
    for moment in result["timeline"]:
        if moment["kind"] == "response" and (moment.get("url"), moment.get("status")) == (cut["url"], cut["status"]):
            lines = [line for line in moment.get("headers", ()) if line.lower().startswith(f"{name}:")]
            if cut["header"] in lines or (not cut["header"] and not lines):
                return True
    return False


def wrong(result: ResultEntry, case: Case, popup: str) -> str | None:
    """What is wrong with a popup's cut."""
    cut = result["cuts"].get(popup)
    wanted = by_the_rules(case, popup)
    if cut is None or wanted is None:
        return f"{'has' if cut else 'has no'} cut, and by the rules there is {'one' if wanted else 'none'}: {wanted}"
    if (cut["url"].partition("?")[0], cut["status"]) != wanted:
        return f"{cut['url']} ({cut['status']}), and by the rules {wanted[0]} ({wanted[1]})"
    return None if was_sent(cut, result) else f"{cut['url']}: {cut['header']!r} was not sent so"


def main() -> int:
    """Print every cut that is wrong, and how many were looked at; returns the exit code."""
    cases = {case.id: case for case in load_scenarios([resource("scenarios")])}
    looked_at = failures = 0
    for result in read(Path(sys.argv[1]))["results"]:
        for popup in severed(result) if result["id"] in cases else ():
            looked_at += 1
            if found := wrong(result, cases[result["id"]], popup):
                failures += 1
                print(f"{result['engine']}: {result['id']}: {popup}: {found}")
    print(f"{looked_at} severed popups, {failures} with a wrong cut")
    return 1 if failures or not looked_at else 0


if __name__ == "__main__":
    sys.exit(main())
