"""What "the popup works" means: as the scenario's own expectations have it, or as the command line says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yaml.nodes import ScalarNode

from isolab.explain.explain import explain_case
from isolab.scenario.case import ENGINE_NAMES, Case, Check, Scalar, same
from isolab.scenario.core_schema import Loader, scalar
from isolab.scenario.facts import FACTS


class NoSuccess(ValueError):  # noqa: N818 - it is what was not found
    """Nothing says what success is; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Success:
    """The checks that hold where the popup works, and who says so."""

    checks: tuple[Check, ...]
    told_by: str

    def __str__(self) -> str:
        return " and ".join(f"{check.what} is {check.expected}" for check in self.checks)


def choose(selected: Sequence[Case], siblings: Sequence[Case], stated: Sequence[str] = ()) -> tuple[Case, Success]:
    """Choose the case to start from, and what success is in it. Raises NoSuccess.

    `selected` are the cases that were asked for, `siblings` all of their file. The case is the first in which the
    popup works as expected; where none of those selected does, the first of them, and a sibling says what success is.
    """
    if stated:
        given = selected[0]
        return given, Success(tuple(_stated(text, given) for text in stated), "--success")
    for case in selected:
        if checks := expected_success(case):
            return case, Success(checks, case.id)
    for case in siblings:
        if checks := expected_success(case):
            return selected[0], Success(checks, case.id)
    message = "no case of this scenario expects a sign-in to succeed (`WINDOW.says.signed-in: VALUE`): "
    raise NoSuccess(message + "say what success is with --success WINDOW.FACT=VALUE")


def expected_success(case: Case) -> tuple[Check, ...]:
    """Find the expectations that tell of success, the surest kind that there is; none where the popup is to fail."""
    kinds = (
        [c for c in case.checks if c.fact == "says.signed-in"],
        [c for c in case.checks if c.fact == "says.delivered"],
        [c for c in case.checks if c.fact == "opener"],
    )
    found = next((checks for checks in kinds if checks), [])
    fails = any(c.expected in (None, False, "severed", "noopener", "not-loaded") for c in found)
    everywhere = all(set(c.engines) == set(ENGINE_NAMES) for c in found)
    return () if fails or not everywhere else tuple(replace(c, differences=()) for c in found)


def needs_opener(siblings: Sequence[Case], given: Case, success: Success) -> bool | None:
    """Whether the sign-in needs the opener link: success may be that it lasts.

    Otherwise as the file's expectations for cases with a cut link have it, and None where the file has no such case
    with the same pages.
    """
    if any(check.fact == "opener" and check.expected == "preserved" for check in success.checks):
        return True
    told = [v for case in siblings if _same_bodies(case, given) and _is_cut(case) for v in _succeeds(case, success)]
    return None if not told else not any(told)


def _succeeds(case: Case, success: Success) -> Iterator[bool]:
    wanted = {check.what: check.expected for check in success.checks}
    found = [same(c.expected, wanted[c.what]) for c in case.checks if c.what in wanted]
    if found:
        yield all(found)


def _same_bodies(case: Case, given: Case) -> bool:
    bodies = ({name: (page.body, page.url) for name, page in one.pages.items()} for one in (case, given))
    return next(bodies) == next(bodies)


def _is_cut(case: Case) -> bool:
    return any(link.fate != "preserved" for link in explain_case(case).links)


def _stated(text: str, case: Case) -> Check:
    """`app.says.signed-in=alice`, the value as in a scenario file. Raises NoSuccess."""
    name, equals, value = text.partition("=")
    subject, _, fact = name.partition(".")
    known = {window for step in case.steps for window in (step.window, getattr(step, "opens", None)) if window}
    if not equals or not fact or (not fact.startswith("says.") and fact not in FACTS):
        raise NoSuccess(f"{text!r} is not WINDOW.FACT=VALUE, such as app.says.signed-in=alice")
    if subject not in known:
        raise NoSuccess(f"no step of {case.id} opens a window {subject!r}: there are {', '.join(sorted(known))}")
    return Check(subject, fact, _value(value), case.steps[-1].span)


def _value(text: str) -> Scalar:
    """The value that a scenario file would have, written so and not in quotes."""
    tag: str = Loader("").resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # PyYAML has no types
    return scalar(tag, text)
