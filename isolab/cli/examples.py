"""Examples and exit codes for the `--help` of each command; the tests check that every example is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isolab.reports.exit_code import (
    EXIT_DEFECT,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_NOTHING,
    EXIT_OK,
    EXIT_UNAVAILABLE,
    EXIT_USAGE,
)


@dataclass(frozen=True, slots=True)
class Example:
    """A line to copy, and what somebody wants who types it."""

    purpose: str
    command: str


EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "isolab": (
        Example("which engines are here? get the others", "isolab doctor --install"),
        Example("does popup sign-in survive the headers of the catalogue?", "isolab run signin"),
        Example(
            "what would this header do? no browser needed",
            "isolab explain -H 'Cross-Origin-Opener-Policy: same-origin'",
        ),
        Example("your own case (README shows how to write one)", "isolab run signin.yaml"),
    ),
    "run": (
        Example("your own file, in each engine that is here", "isolab run signin.yaml"),
        Example("again whenever you save it, in browsers that stay", "isolab run signin.yaml --watch"),
        Example("once more what failed, line by line", "isolab run --last-failed -v"),
        Example("for CI", "isolab run scenarios --junit junit.xml --html report.html --artifacts kept"),
    ),
    "list": (
        Example("the whole catalogue", "isolab list"),
        Example("what there is about redirects", "isolab list -g redirect"),
        Example("every case of a folder, for a script", "isolab list scenarios --json"),
    ),
    "check": (
        Example("one file, while you write it", "isolab check signin.yaml"),
        Example("all of a project", "isolab check scenarios"),
    ),
    "explain": (
        Example(
            "would this header cut the link to a popup?",
            "isolab explain -H 'Cross-Origin-Opener-Policy: same-origin'",
        ),
        Example(
            "and if the popup sends one as well?",
            "isolab explain -H 'Cross-Origin-Opener-Policy: same-origin-allow-popups' \\\n"
            "    -P 'Cross-Origin-Opener-Policy: same-origin'",
        ),
        Example("what a site of yours sends, redirects and all", "curl -siL https://app.example/ | isolab explain -"),
        Example("every case of a scenario", "isolab explain signin.yaml"),
    ),
    "report": (
        Example(
            "last night's run once more, as one page to click through", "isolab report results.json --html report.html"
        ),
        Example(
            "engines of several machines as one run", "isolab report chromium.json webkit.json --markdown summary.md"
        ),
        Example("what has changed since then?", "isolab report results.json --baseline before.json"),
    ),
    "replay": (
        Example("somebody's CI failed: does it here, too?", "isolab replay results.json"),
        Example("the whole run, with the browsers of this machine", "isolab replay results.json --all -q"),
    ),
    "advise": (
        Example("which headers isolate the page and keep its sign-in popup?", "isolab advise signin.yaml"),
        Example(
            "only the configuration for nginx, measured in Firefox", "isolab advise signin.yaml -f nginx -e firefox"
        ),
    ),
    "conform": (
        Example("the rows about subresources, in Chromium", "isolab conform -g subresource -e chromium"),
        Example("a build of your own against all rows", "isolab conform -e chromium --executable out/chrome"),
        Example("the rows as scenario files, nothing run", "isolab conform -g sandbox --write rows"),
    ),
    "serve": (
        Example("one case for a browser that you drive yourself", "isolab serve opener/redirect-hop"),
        Example("for a phone in the same network", "isolab serve opener/redirect-hop --host 0.0.0.0 --port 8080"),
    ),
    "doctor": (
        Example("what is here, and what does it enforce?", "isolab doctor"),
        Example("get what is missing", "isolab doctor --install"),
        Example("for a script", "isolab doctor --json -"),
    ),
    "schema": (
        Example("for your editor: completion and mistakes as you type", "isolab schema -o isolab.schema.json"),
        Example("what `isolab run --json` writes", "isolab schema --results"),
    ),
    "completion": (
        Example("bash", "isolab completion bash > ~/.local/share/bash-completion/completions/isolab"),
        Example("zsh, in a folder of your fpath", "isolab completion zsh > ~/.zfunc/_isolab"),
        Example("fish", "isolab completion fish > ~/.config/fish/completions/isolab.fish"),
    ),
}

_RUN = (
    (EXIT_OK, "all as expected, or as known to differ"),
    (EXIT_FAILED, "an expectation failed"),
    (EXIT_USAGE, "wrong usage, a bad scenario, or a report that could not be written"),
    (EXIT_UNAVAILABLE, "an engine, a port or a server of your own is not to be had"),
    (EXIT_DEFECT, "a defect of isolab"),
    (EXIT_NOTHING, "nothing selected"),
    (EXIT_INTERRUPTED, "interrupted"),
)
_WITHOUT_A_BROWSER = (
    (EXIT_USAGE, "wrong usage, or a mistake in a scenario file"),
    (EXIT_NOTHING, "nothing selected"),
)

EXIT_CODES: Mapping[str, tuple[tuple[int, str], ...]] = {
    "isolab": _RUN,
    "run": _RUN,
    "conform": (
        (EXIT_OK, "no difference that is not known yet"),
        (EXIT_FAILED, "a new difference, or a row that could not be judged"),
        *_RUN[2:],
    ),
    "report": (
        (EXIT_OK, "all as expected in the run that is told again"),
        (EXIT_FAILED, "an expectation failed in it"),
        (EXIT_USAGE, "wrong usage, or no results file"),
        (EXIT_UNAVAILABLE, "an engine, a port or a server of your own was not to be had"),
        (EXIT_DEFECT, "a defect of isolab, then or now"),
        (EXIT_NOTHING, "nothing was run"),
        (EXIT_INTERRUPTED, "it was interrupted"),
    ),
    "replay": (*_RUN[:2], (EXIT_USAGE, "wrong usage, or no results file"), *_RUN[3:]),
    "advise": (
        (EXIT_OK, "headers that fulfil the wish in every engine were found"),
        (EXIT_FAILED, "none fulfil it"),
        *_RUN[2:],
    ),
    "list": _WITHOUT_A_BROWSER,
    "check": ((EXIT_OK, "all right"), *_WITHOUT_A_BROWSER),
    "explain": ((EXIT_OK, "explained, whatever it says"), *_WITHOUT_A_BROWSER),
    "serve": (
        (EXIT_USAGE, "wrong usage, or a mistake in a scenario file"),
        (EXIT_UNAVAILABLE, "the port is taken"),
        (EXIT_NOTHING, "nothing selected"),
        (EXIT_INTERRUPTED, "ended by Ctrl-C"),
    ),
    "doctor": (
        (EXIT_OK, "an engine is here, and all that are here start"),
        (EXIT_UNAVAILABLE, "none is here, or one does not start"),
    ),
}
"""Those of commands that have other meanings, or fewer codes, than the list of `isolab --help`."""
