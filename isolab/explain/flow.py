"""A scenario's flow walked without a browser: which window goes where, as far as the flow says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from isolab.policy.document import Document, framed_document
from isolab.policy.group_switch import foreign_frames_have_no_popups, opener_fate
from isolab.policy.life import Navigation
from isolab.policy.opening import link_without_opener, window_open_without_opener
from isolab.policy.response import Hop
from isolab.scenario.case import Case, Click, Fixture, Navigate, Open, Page, Popup, Step, Wait
from isolab.scenario.responses import chain, entry, opens_at, responses, route, shows_first

BY_CLICK = "the click is taken to open it with an opener: by window.open without noopener, or by a link with rel=opener"

BY_ITSELF = "the page is taken to open it with an opener: by window.open without noopener"


@dataclass(slots=True)
class Window:
    """A window on the way: `page` is asked for last, `life` what it and its opener have loaded since it was opened.

    `creator` is the document that opened it, None for a window without one. `assumption` is what the flow leaves open.
    `goes_on` is the page to which the script that opened it sends it next.
    """

    name: str
    page: str
    opener: str = ""
    creator: Document | None = None
    noopener: bool = False
    target: str = ""
    assumption: str = ""
    frame: tuple[str, ...] = ()
    goes_on: str | None = None
    life: list[Navigation] = field(default_factory=list)

    @property
    def opened_by(self) -> str:
        """The opener's name, with that of the frame in it that opened the window."""
        return ".".join((self.opener, *self.frame))

    @property
    def keeps_opener(self) -> bool:
        """Whether the link to its opener has lasted so far."""
        if self.creator is None:
            return False
        return opener_fate(self.creator, self.life, noopener=self.noopener).fate == "preserved"


class Walk:
    """Every window of a case by its name; two names may stand for one window."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.windows: dict[str, Window] = {}
        for step in case.steps:
            self._step(step)
        for check in case.checks:
            # Where a page moves on by itself, what is expected to show at the end says where to.
            if check.fact == "url" and check.expected in case.pages:
                self._arrive(check.subject, str(check.expected))

    def way(self, window: Window) -> tuple[Hop, ...]:
        """The responses on the way to what a window shows."""
        return responses(self._case, window.page)

    def _step(self, step: Step) -> None:
        carry_out: Mapping[type, Callable[..., None]] = {
            Open: self._open,
            Popup: self._popup,
            Click: self._click,
            Navigate: self._navigate,
            Wait: self._wait,
        }
        if found := carry_out.get(type(step)):
            found(step)

    def _open(self, step: Open) -> None:
        self.windows[step.window] = Window(step.window, step.page)

    def _popup(self, step: Popup) -> None:
        if step.by == "self":
            page, document = self._place(step.opener, step.frame)
            assumption = _by_script(document, BY_ITSELF)
            self._come(step.window, step.opener, step.page, frame=step.frame, script=page, assumption=assumption)
            return
        if step.by == "link":
            noopener = link_without_opener(step.rel, step.target)
        else:
            noopener = window_open_without_opener(step.features)
        reused = None if noopener else self._of_target(step.opener, step.target)
        if reused is not None:
            self.windows[step.window] = reused
            self._go(reused, step.page)
            return
        self._come(step.window, step.opener, step.page, frame=step.frame, noopener=noopener, target=step.target)

    def _click(self, step: Click) -> None:
        if step.opens:
            page, document = self._place(step.window, step.frame)
            shows = step.loads or step.opens
            assumption = _by_script(document, BY_CLICK)
            self._come(step.opens, step.window, shows, frame=step.frame, script=page, assumption=assumption)
        elif step.loads:
            self._go(self.windows[step.window], step.loads)

    def _navigate(self, step: Navigate) -> None:
        self._go(self.windows[step.window], step.page, (responses(self._case, step.page),))

    def _wait(self, step: Wait) -> None:
        if step.page:
            self._arrive(step.window, step.page)

    def _come(
        self,
        name: str,
        opener: str,
        page: str,
        *,
        frame: tuple[str, ...] = (),
        noopener: bool = False,
        target: str = "",
        script: str | None = None,
        assumption: str = "",
    ) -> None:
        _, creator = self._place(opener, frame)
        window = Window(name, page, opener, creator, noopener, target, assumption, frame)
        way = self._sent_by(window, script) if script else route(self._case, page, page)
        window.life += [Navigation(hops) for hops in way]
        self.windows[name] = window

    def _sent_by(self, window: Window, script: str) -> tuple[tuple[Hop, ...], ...]:
        """What a window loads that the script of a page opens, until it shows what the flow says."""
        page = chain(self._case, script)[-1]
        first, to = shows_first(page), opens_at(page) or entry(self._case, window.page)
        if first == window.page:
            window.goes_on = opens_at(page)
            return (responses(self._case, first),)
        before = (responses(self._case, first),) if first else ()
        return (*before, *route(self._case, to, window.page))

    def _place(self, name: str, frame: Iterable[str]) -> tuple[str, Document]:
        """The page and the document that a window, or a frame in it, shows."""
        page = self.windows[name].page
        document = Document(self.way(self.windows[name])[-1])
        for inner in frame:
            embedded = next(embed for embed in chain(self._case, page)[-1].embeds if embed.name == inner)
            page = embedded.page
            document = framed_document(document, responses(self._case, page), dict(embedded.attributes))
        return page, document

    def _of_target(self, opener: str, target: str) -> Window | None:
        if target in ("", "_blank"):
            return None
        named = (w for w in self.windows.values() if (w.opener, w.target) == (opener, target))
        return next((window for window in named if window.keeps_opener), None)

    def _arrive(self, name: str, page: str) -> None:
        window = self.windows.get(name)
        if window is not None and chain(self._case, window.page)[-1].name != page:
            self._go(window, page)

    def _go(self, window: Window, page: str, way: tuple[tuple[Hop, ...], ...] | None = None) -> None:
        before, window.page = chain(self._case, window.page)[-1], page
        begin, window.goes_on = window.goes_on or before.name, None
        for hops in way or self._on_the_way(before, begin, page):
            if window.creator is not None:
                window.life.append(Navigation(hops, "popup"))
            for other in {id(w): w for w in self.windows.values()}.values():
                if other.opener and self.windows[other.opener] is window:
                    other.life.append(Navigation(hops, "opener"))

    def _on_the_way(self, before: Page, begin: str, page: str) -> tuple[tuple[Hop, ...], ...]:
        """What a window loads that shows one page, by itself or by a click in it, and then another."""
        found = route(self._case, begin, page)
        # What it shows already is loaded again only where that is the provider's answer to a click.
        again = isinstance(before.body, Fixture) and len(found) > 1 and found[0][0].url == before.url
        return found[1:] if again else found


def _by_script(clicked: Document, assumed: str) -> str:
    """What is assumed of a page's script: no flow tells whether the page opens the window, or a frame in it."""
    if not foreign_frames_have_no_popups(clicked):
        return assumed
    return (
        f"{assumed}. If a frame of another origin opens it, window.open returns null there and the window has "
        f"no opener, since {clicked.url} around it {clicked.opener_policy.reason}"
    )
