"""Hold the results files of several rounds against the first: `python tests/bench/rounds.py 1.json 2.json 3.json`.

`isolab run --json 1.json` writes each. No case may change: not its outcome, nor the number of its attempts, nor what
any of its checks says, nor the response that is named as the one to cut a link. What is random in every sign-in (a
state, a code, a port of the lab) is taken out first. Exits with 1 where something changed.

`isolab run --baseline` tells what has become of outcomes and observations since one earlier run, for people who changed
something; here nothing was changed, so that reasons, messages, attempts and cuts have to be the same, too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from isolab.reports.form import ResultEntry
from isolab.reports.reread import read

RANDOM = (
    # A parameter of a URL, unless it is a word such as the `access_denied` of `error=access_denied`.
    (re.compile(r'([?&#][\w.-]+=)(?![a-z_]+(?:[&#"\\\s]|$))[^&#"\\\s]*'), r"\1*"),
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "*"),
    # A token: long, with a digit and a capital letter.
    (re.compile(r"(?=[\w%-]*\d)(?=[\w%-]*[A-Z])[\w%-]{20,}(?:\.[\w-]+)*"), "*"),
    (re.compile(r"(?<=:)\d{4,5}\b"), "*"),
)
"""What no two rounds have in common, and what stands for it."""

Round = Mapping[tuple[str, str, int], ResultEntry]
"""The results of a round by case and engine; with `--repeat` there are several of each, numbered from 1."""


def steady(value: object) -> str:
    """A part of a result as text, without what is random."""
    text = json.dumps(value, sort_keys=True)
    for random, instead in RANDOM:
        text = random.sub(instead, text)
    return text


def facts(result: ResultEntry) -> dict[str, str]:
    """What may not change, by name."""
    checks = {check["what"]: steady(check) for check in result["checks"]}
    told = {"outcome": result["outcome"], "attempts": str(result["attempts"]), "error": steady(result["error"])}
    cuts = {f"cut of {popup}": steady(cut) for popup, cut in result["cuts"].items()}
    return told | checks | cuts | {"cut": steady(result["cut"])}


def changes(before: Round, after: Round) -> Iterator[str]:
    """What is not in `after` as it was in `before`."""
    for key in sorted({*before, *after}):
        case, engine, _ = key
        of = f"{engine}: {case}"
        if key not in before or key not in after:
            yield f"{of}: only in {'the first' if key in before else 'this one'}"
            continue
        was, now = facts(before[key]), facts(after[key])
        for name in sorted({*was, *now}):
            if was.get(name) != now.get(name):
                yield f"{of}: {name}: {was.get(name)}, now {now.get(name)}"


def results(path: Path) -> Round:
    """The results of one file."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str, int], ResultEntry] = {}
    for result in read(path)["results"]:
        of = result["id"], result["engine"]
        seen[of] += 1
        found[*of, seen[of]] = result
    return found


def main() -> int:
    """Print every change, and how many results were held against those of the first round; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("others", type=Path, nargs="+")
    given = parser.parse_args()
    first = results(given.first)
    found = 0
    for path in given.others:
        for change in changes(first, results(path)):
            found += 1
            print(f"{path}: {change}")
    print(f"{len(given.others) + 1} rounds of {len(first)} results, {found} changes")
    return 1 if found or not first else 0


if __name__ == "__main__":
    sys.exit(main())
