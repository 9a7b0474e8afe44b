"""A lab declared in Python: a scenario without a file, run again for every expectation of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import yaml

from isolab.pytest_plugin.house import House
from isolab.pytest_plugin.verdict import conclude
from isolab.reports.places import lab_of
from isolab.runner.result import CaseResult
from isolab.scenario.case import CloseBy, EngineName, NavigateBy, OpenBy, Scalar, Source
from isolab.scenario.load import load_source
from isolab.scenario.problem import ScenarioErrors

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

Keys = Mapping[str, Any]
_PYTESTS = ("matrix", "exclude")
"""Keys of a scenario file that make several cases of it."""
_CALLS = {"pages": "lab.page(...)", "flow": "lab.open(...), window.click(...)", "expect": "window.expect({...})"}
"""Keys of a scenario file that a lab has calls for."""
_MEND = 'end with an expectation, such as `app.expect({"says.signed-in": ...})`, or leave them out'


@dataclass(frozen=True, slots=True)
class LabMaker:
    """What the fixture `isolab_lab` gives: call it to get a lab for this test and engine."""

    house: House
    engine: EngineName
    test: str
    made: Callable[[TestLab], None] = field(default=lambda _lab: None)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self, hosts: Mapping[str, Any] | None = None, **keys: Any) -> TestLab:
        """Make a lab with these hosts; `keys` are other keys of a scenario file (provider, differences, timeout...).

        Raises ValueError for those that make several cases, and for those that the lab has calls for.
        """
        if several := [key for key in _PYTESTS if key in keys]:
            raise ValueError(f"a lab has no `{several[0]}`: it is one case, and pytest.mark.parametrize makes more")
        if called := [key for key in _CALLS if key in keys]:
            raise ValueError(f"a lab has no `{called[0]}`: {_CALLS[called[0]]} of the lab that it gives is for that")
        head: dict[str, Any] = {"title": self.test, **keys}
        if hosts is not None:
            head["hosts"] = dict(hosts)
        lab = TestLab(self, head)
        self.made(lab)
        return lab

    def next_name(self) -> str:
        """Name the scenario that is run next."""
        return lab_of(self.test, next(self._numbers))


@dataclass(slots=True)
class TestLab:
    """Hosts, pages, and the windows that a test opens. Nothing runs before something is expected."""

    __test__ = False  # pytest shall not take it for a class of tests

    _maker: LabMaker
    _head: dict[str, Any]
    _pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    _steps: list[dict[str, Any]] = field(default_factory=list)
    _used: int = 0

    @property
    def unflown(self) -> str:
        """What is to be said of steps that stand after the last expectation, "" where there are none."""
        left = [", ".join(f"{key}: {value}" for key, value in step.items()) for step in self._steps[self._used :]]
        if not left:
            return ""
        told = "\n".join(f"  - {step}" for step in left)
        return f"nothing has run these steps of a lab, as nothing is expected after them:\n{told}\n{_MEND}"

    def page(self, name: str, **keys: Any) -> None:
        """Declare a page; the keys are those of a scenario file, `with_` stands for `with`."""
        self._pages[name] = _plain(keys)

    def url(self, page: str) -> str:
        """What stands for a page's address in `html`, `with_`, `headers` and attributes."""
        return f"${{{{ url.{page} }}}}"

    def origin(self, host: str) -> str:
        """What stands for a host's origin there."""
        return f"${{{{ origin.{host} }}}}"

    def open(self, page: str, name: str | None = None) -> LabWindow:
        """Open a window as a person does; it is called like its page if not otherwise."""
        return self._window(name or page, {"open": name or page, "page": page})

    def scenario(self, expect: Mapping[str, Scalar]) -> str:
        """All of it as the text of a scenario file, to be kept or handed on.

        Raises TypeError for a value that no such file can have.
        """
        self._used = len(self._steps)
        told = {**self._head, "pages": self._pages, "flow": self._steps, "expect": dict(expect)}
        if "differences" in told:
            told["differences"] = list(_about(expect, told["differences"]))
        return yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)

    def expect(self, facts: Mapping[str, Scalar], *, timeout: float | None = None) -> CaseResult:
        """Run all steps so far and check these facts (`app.crossOriginIsolated`); the names are docs/scenarios.md's.

        `timeout`: how long the whole flow may take, in milliseconds as Playwright has it, instead of the lab's own.
        Raises NotAsExpected with the cause, ScenarioErrors where something is declared wrongly, and EngineError where
        the engine is not to be had.
        """
        try:
            (case,) = load_source(Source(self._maker.next_name(), self.scenario(facts)), self._maker.test)
        except ScenarioErrors as errors:
            raise ScenarioErrors(errors.problems) from None
        if timeout is not None:
            case = replace(case, timeout_s=timeout / 1000)
        (answer,) = self._maker.house.fly([case], self._maker.engine)
        result = answer.result()
        conclude(result, self._maker.house.info(self._maker.engine))
        return result

    def step(self, verb: str, what: str, **keys: Any) -> None:
        """Add a step of a flow; keys that are None are left out, and `from_` and `in_` lose their `_`."""
        self._steps.append({verb: what, **_plain({key: value for key, value in keys.items() if value is not None})})

    def _window(self, name: str, step: dict[str, Any]) -> LabWindow:
        self._steps.append(step)
        return LabWindow(self, name)


@dataclass(frozen=True, slots=True)
class LabWindow:
    """A window of a lab, by its name; each call adds a step to the flow."""

    lab: TestLab
    name: str

    def popup(
        self,
        page: str,
        name: str | None = None,
        *,
        frame: str | None = None,
        by: OpenBy | None = None,
        target: str | None = None,
        features: str | None = None,
        rel: str | None = None,
    ) -> LabWindow:
        """A script of the page, or of a frame in it, opens a window."""
        how = {"by": by, "target": target, "features": features, "rel": rel}
        self.lab.step("popup", name or page, page=page, from_=self._place(frame), **how)
        return LabWindow(self.lab, name or page)

    def click(
        self, selector: str, *, frame: str | None = None, opens: str | None = None, loads: str | None = None
    ) -> LabWindow:
        """A person clicks, in a frame of the page if one is named; returns the window that it opens, else this one.

        `loads`: the page that then shows.
        """
        self.lab.step("click", selector, in_=self._place(frame), opens=opens, loads=loads)
        return self if opens is None else LabWindow(self.lab, opens)

    def navigate(self, page: str, *, by: NavigateBy | None = None) -> None:
        """The window goes to another page."""
        self.lab.step("navigate", self.name, page=page, by=by)

    def close(self, *, by: CloseBy | None = None) -> None:
        """The window is closed: by the user, if not otherwise."""
        self.lab.step("close", self.name, by=by)

    def wait(
        self,
        *,
        frame: str | None = None,
        page: str | None = None,
        says: str | None = None,
        closed: bool | None = None,
    ) -> None:
        """Wait for one thing: that it shows a page, that its page or a frame has said something, that it is closed."""
        self.lab.step("wait", self._place(frame), page=page, says=says, closed=closed)

    def _place(self, frame: str | None) -> str:
        """The window, or a frame in it, by the name that steps have for it."""
        return self.name if frame is None else f"{self.name}.{frame}"

    def expect(self, facts: Mapping[str, Scalar], *, timeout: float | None = None) -> CaseResult:
        """Like `TestLab.expect`, about this window: `{"opener": "severed"}`."""
        return self.lab.expect({f"{self.name}.{fact}": value for fact, value in facts.items()}, timeout=timeout)


def _about(facts: Mapping[str, Scalar], differences: Iterable[Keys]) -> Iterator[Keys]:
    """Those known differences of a lab that concern what is expected this time, and those that are declared wrongly."""
    for difference in differences:
        match difference:
            case {"observed": Mapping() as seen}:
                if observed := {fact: value for fact, value in seen.items() if fact in facts}:
                    yield {**difference, "observed": observed}
            case _:
                yield difference


class _Dumper(yaml.SafeDumper):
    """Writes what is of a class of its own, such as a template engine's text or an enum's number, as what it is."""

    def represent_plain(self, value: Any) -> yaml.Node:
        """Write a value as one of the type that its class is made from; `str(value)` may be of that class still."""
        kind = next(kind for kind in _KINDS if isinstance(value, kind))
        return self.represent_data("".join(value) if kind is str else kind(value))

    def refuse(self, value: object) -> yaml.Node:
        """Raise TypeError for all else."""
        raise TypeError(f"a lab takes text, numbers, lists and mappings, not {type(value).__name__}: {value!r}")


_KINDS = (str, int, float, dict, list, tuple)
for _kind in _KINDS:
    _Dumper.add_multi_representer(_kind, _Dumper.represent_plain)
_Dumper.add_multi_representer(object, _Dumper.refuse)


def _plain(keys: Keys) -> dict[str, Any]:
    """Take the `_` off names that Python keeps for itself."""
    return {key.removesuffix("_"): value for key, value in keys.items()}
