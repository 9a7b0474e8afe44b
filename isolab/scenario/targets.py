"""What an expectation's name means in a case: `login.opener`, `app.logo`, `app.ad.crossOriginIsolated`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from isolab.scenario.embeds import Embed, kind_of
from isolab.scenario.facts import EMBED_FACTS, FACTS, LOAD, POPUP_FACTS, SAYS, Kind
from isolab.scenario.flow import Flow, Window
from isolab.scenario.model import ScenarioFile
from isolab.scenario.references import opens_hint, pages_shown
from isolab.scenario.wording import listing, suggestion


@dataclass(frozen=True, slots=True)
class Target:
    """The subject and fact of a check, and the kind of value that it has."""

    subject: str
    fact: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a name means nothing here: the part that is wrong, and the problem's code, message and hint."""

    part: str
    code: str
    message: str
    hint: str


def find_target(name: str, file: ScenarioFile, flow: Flow) -> Target | Unknown:
    """What `name` is about, following embeds of embedded pages."""
    first, *rest = name.split(".")
    window = flow.windows.get(first)
    if window is None:
        opened = f"the flow opens: {listing(flow.windows)}"
        hint = opens_hint(first, file) or suggestion(first, flow.windows, opened)
        return Unknown(first, "unknown-window", f"the flow opens no window `{first}`", hint)
    if not rest:
        hint = f"write `{first}.FACT`; the facts are: {listing(FACTS)}, says.KEY"
        return Unknown(first, "unknown-fact", f"`{first}` is a window, not a fact", hint)
    return _Search(file, name).below(first, window, rest)


@dataclass(frozen=True)
class _Search:
    file: ScenarioFile
    name: str

    def below(self, first: str, window: Window, rest: list[str]) -> Target | Unknown:
        subject, facts = first, _window_facts(window)
        pages = pages_shown(window.pages, self.file)
        while True:
            embeds = self._embeds(pages)
            form = embeds.get(rest[0])
            if form is None:
                return self._fact(subject, rest, facts, embeds)
            subject, rest = f"{subject}.{rest[0]}", rest[1:]
            if not rest:
                return Target(subject, "load", LOAD.kind)
            kind = kind_of(form)
            facts = EMBED_FACTS[kind]
            pages = pages_shown([getattr(form, kind)], self.file) if kind == "iframe" else []

    def _embeds(self, pages: Iterable[str]) -> Mapping[str, Embed]:
        return {name: form for page in pages for name, form in (self.file.pages[page].embed or {}).items()}

    def _fact(
        self, subject: str, rest: list[str], facts: Iterable[str], embeds: Mapping[str, Embed]
    ) -> Target | Unknown:
        fact = ".".join(rest)
        in_window = "." not in subject
        speaks = in_window or facts is EMBED_FACTS["iframe"]
        if speaks and rest[0] == "says" and len(rest) > 1:
            return Target(subject, fact, SAYS.kind)
        if fact in POPUP_FACTS and (quiet := next((n for n, page in self.file.pages.items() if page.quiet), None)):
            message = f"`{subject}.{fact}` takes a look at other windows, and page `{quiet}` is quiet"
            return Unknown(fact, "quiet", message, "let a script of your own tell, with isolab.say()")
        if fact in facts:
            return Target(subject, fact, FACTS[fact].kind)
        if in_window and fact in POPUP_FACTS:
            message = f"window `{subject}` is not a popup: it has no `{fact}`"
            return Unknown(fact, "not-a-popup", message, "expect it of a window that a `popup` or a click `opens`")
        return self._unknown(subject, fact, [*facts, *(["says.KEY"] if speaks else [])], embeds)

    def _unknown(self, subject: str, fact: str, facts: list[str], embeds: Mapping[str, Embed]) -> Unknown:
        choices = [*facts, *embeds]
        if not choices:
            return Unknown(fact, "unknown-fact", f"`{subject}` has no fact `{fact}`", "it only loads or is blocked")
        embedded = f"; embedded are: {listing(embeds)}" if embeds else ""
        hint = suggestion(fact, choices, f"the facts are: {listing(facts)}{embedded}")
        return Unknown(fact, "unknown-fact", f"`{subject}` has no fact and no embed `{fact}`", hint)


def _window_facts(window: Window) -> tuple[str, ...]:
    return tuple(fact for fact in FACTS if window.popup or fact not in POPUP_FACTS)
