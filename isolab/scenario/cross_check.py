"""Mistakes that concern the file as a whole: its placeholders, its matrix, its patterns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import prod

from isolab.scenario.case import ENGINE_NAMES, EngineName, Scalar
from isolab.scenario.embeds import EMBEDS
from isolab.scenario.expect import Usage, block_paths
from isolab.scenario.matching import ENGINE, choices
from isolab.scenario.model import ScenarioFile, When
from isolab.scenario.placeholders import FILLED_SECTIONS, OPEN, placeholders, served, texts
from isolab.scenario.positions import Path, Report
from isolab.scenario.references import host_names
from isolab.scenario.upstream import ENVIRONMENT
from isolab.scenario.wording import alike, listing, no_engine, plain, suggestion

MOST_CASES = 10_000
_SERVED = ("html", "with", "headers", "embed", "signin")


def check_file(file: ScenarioFile, report: Report) -> None:
    """Report what is wrong with placeholders, matrix and patterns, and a scenario that expects nothing."""
    check_placeholders(file, report)
    _check_matrix(file, report)
    _check_use(file, report)
    for path, when, known in _patterns(file):
        _check_pattern(path, when, known, report)
    if not any(block.model_extra for block in file.blocks):
        report.key("no-expectations", ("expect",), "the scenario expects nothing", "add `WINDOW.FACT: value`")


def count_combinations(file: ScenarioFile) -> int:
    """The size of the matrix before `exclude`."""
    return prod(len(values) for values in file.matrix.values())


def check_usage(file: ScenarioFile, usage: Usage, report: Report) -> None:
    """Report blocks and differences that no case needed; to be called after all cases."""
    for path, _ in block_paths(file):
        if path not in usage.blocks:
            report.value("never", (*path, "when"), "no case is like this", "`exclude` or the matrix leaves none")
    for index, difference in enumerate(file.differences):
        here: Path = ("differences", index)
        if here not in usage.differences:
            report.value("never", (*here, "when"), "no case is like this", "`exclude` or the matrix leaves none")
            continue
        for fact in difference.observed:
            _check_observed((*here, "observed", fact), fact, difference.engine, usage, report)


def _check_observed(path: Path, fact: str, engine: EngineName, usage: Usage, report: Report) -> None:
    if path not in usage.observed:
        message = f"no expectation names `{fact}` for {engine} where this difference holds"
        report.key("unknown-fact", path, message, "expect it, or leave the difference out")
    elif path not in usage.different:
        message = f"this is no difference: it is what is expected of {engine}"
        report.value("no-difference", path, message, "write what it shows instead, or leave the difference out")


def check_placeholders(file: ScenarioFile, report: Report) -> None:
    """Report placeholders that are unknown, unclosed, or in places that are not filled in."""
    for path, text in texts(report.document.data):
        if path[0] == "about" or path[:2] == ("expect", "when") or path[2:3] == ("when",):
            continue
        found = list(placeholders(text))
        if text.count(OPEN) > len(found):
            message = "a placeholder is not closed, or holds more than a name"
            report.span("placeholder", report.document.fragment(path, OPEN), message, "write ${{ name }}")
        for whole, name in found:
            if _is_address(path) and ENVIRONMENT.fullmatch(whole):
                continue
            _check_placeholder(whole, name, path, file, report)


def _check_placeholder(whole: str, name: str, path: Path, file: ScenarioFile, report: Report) -> None:
    span = report.document.fragment(path, whole)
    if path[0] not in FILLED_SECTIONS:
        hint = f"they can stand in: {listing(FILLED_SECTIONS)}"
        report.span("placeholder", span, f"a placeholder cannot stand in `{path[0]}`", hint)
        return
    if served(name) and not _is_served(path):
        message = f"`{name}` is known only to served pages"
        report.span("placeholder", span, message, f"in a page, it can stand in: {listing(_SERVED)} (attributes)")
        return
    kind, wanted, known = _known(name, file)
    if wanted not in known:
        hint = suggestion(wanted, known, f"the {kind}s are: {listing(known)}")
        report.span("unknown-placeholder", span, f"there is no {kind} `{wanted}`", hint)


def _known(name: str, file: ScenarioFile) -> tuple[str, str, Collection[str]]:
    """What a placeholder's name refers to: the kind of thing, its name, and all names of that kind."""
    match served(name):
        case "url", page:
            return "page", page, file.pages
        case "report", endpoint:
            return "endpoint", endpoint, (endpoint,)
        case _, host:
            return "host", host, host_names(file)
        case _:
            return "parameter", name, file.matrix


def _is_served(path: Path) -> bool:
    """Whether the lab fills in the value: not what an embed loads, which is a page's name."""
    match path:
        case ("pages", _, "embed", _, kind):
            return kind not in EMBEDS
        case ("pages", _, key, *_):
            return key in _SERVED
        case ("provider", "issuer") | ("provider", "clients", _, "redirect_uris" | "logout_uris", *_):
            return True
        case _:
            return False


def _is_address(path: Path) -> bool:
    """Whether the value is the address of a server of the user's own, which may come from the environment."""
    return path[:1] == ("hosts",) and path[2:] == ("upstream",)


def _check_matrix(file: ScenarioFile, report: Report) -> None:
    for name, values in file.matrix.items():
        for index, value in enumerate(values):
            if any(alike(value, earlier) for earlier in values[:index]):
                message = f"the parameter `{name}` has `{plain(value)}` twice"
                report.value("duplicate-value", ("matrix", name, index), message, "leave one out")
    count = count_combinations(file)
    if count > MOST_CASES:
        report.key("too-many-cases", ("matrix",), f"the matrix has {count} combinations", f"at most {MOST_CASES}")


def _check_use(file: ScenarioFile, report: Report) -> None:
    """Report parameters that change nothing, which would run one same case under many names.

    What only `when` or `exclude` names is not used: it changes nothing that is served or done.
    Where a placeholder is wrong already, it may be the one that is missed here.
    """
    if any(problem.code in ("placeholder", "unknown-placeholder") for problem in report.problems):
        return
    filled = [text for path, text in texts(report.document.data) if path[0] in FILLED_SECTIONS]
    used = {name for text in filled for _, name in placeholders(text)}
    for name in file.matrix:
        if name not in used:
            message = f"the parameter `{name}` changes nothing: it only repeats the same cases"
            hint = f"write ${{{{ {name} }}}} where its values belong ({listing(FILLED_SECTIONS)}), or leave it out"
            report.key("unused-parameter", ("matrix", name), message, hint)


def _patterns(file: ScenarioFile) -> Iterator[tuple[Path, When, Mapping[str, list[Scalar]]]]:
    """Every pattern with its place and the values that can be named; only expectations may name engines."""
    with_engines = {**file.matrix, ENGINE: list(ENGINE_NAMES)}
    for index, excluded in enumerate(file.exclude):
        yield ("exclude", index), excluded, file.matrix
    for path, block in block_paths(file):
        yield (*path, "when"), block.when or {}, with_engines
    for index, difference in enumerate(file.differences):
        yield ("differences", index, "when"), difference.when or {}, file.matrix


def _check_pattern(path: Path, when: When, known: Mapping[str, list[Scalar]], report: Report) -> None:
    for name, pattern in when.items():
        here = (*path, name)
        if name not in known:
            hint = suggestion(name, known, f"known are: {listing(known)}")
            report.key("unknown-parameter", here, f"there is no parameter `{name}`", hint)
            continue
        for index, value in enumerate(choices(pattern)):
            place = (*here, index) if isinstance(pattern, list) else here
            _check_value(name, value, place, known[name], report)


def _check_value(name: str, value: Scalar, path: Path, known: list[Scalar], report: Report) -> None:
    if not any(alike(value, one) for one in known):
        words = [plain(one) for one in known]
        if name == ENGINE:
            code, message, hint = no_engine(plain(value), words)
            report.value(code, path, message, hint)
            return
        hint = suggestion(plain(value), words, f"it has: {listing(words)}")
        report.value("unknown-value", path, f"`{name}` is never `{plain(value)}`", hint)
