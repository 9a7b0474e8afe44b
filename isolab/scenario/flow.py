"""The file's flow to steps, with every default filled in, and what is known about the windows that it opens."""

from __future__ import annotations

from dataclasses import dataclass, field

from isolab.scenario.case import Choose, Click, Close, Navigate, Open, Popup, Step, Wait
from isolab.scenario.model import ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Path, Report
from isolab.scenario.references import opens_hint, require_end, require_frame, require_page
from isolab.scenario.steps import ChooseStep, ClickStep, CloseStep, NavigateStep, OpenStep, PopupStep, WaitStep
from isolab.scenario.steps import Step as StepForm
from isolab.scenario.wording import listing, suggestion


@dataclass
class Window:
    """A window of the flow: whether a script or click opened it, and every page that the flow shows in it."""

    popup: bool
    pages: list[str] = field(default_factory=list)


@dataclass
class Flow:
    """The steps of one case and its windows by name."""

    steps: list[Step] = field(default_factory=list)
    windows: dict[str, Window] = field(default_factory=dict)


def build_flow(file: ScenarioFile, report: Report) -> Flow:
    """The steps in order; problems go into the report, and what has one gets a step all the same."""
    flow = Flow()
    for index, form in enumerate(file.flow):
        flow.steps.append(_Builder(index, file, report, flow).step(form))
    for window in flow.windows.values():
        for page in window.pages:
            require_end(page, file, report)
    return flow


@dataclass(frozen=True)
class _Builder:
    index: int
    file: ScenarioFile
    report: Report
    flow: Flow

    def step(self, form: StepForm) -> Step:  # noqa: PLR0911 - one for each verb
        match form:
            case OpenStep():
                return self._open(form)
            case PopupStep():
                return self._popup(form)
            case ClickStep():
                return self._click(form)
            case NavigateStep():
                return self._navigate(form)
            case CloseStep():
                return self._close(form)
            case WaitStep():
                return self._wait(form)
            case ChooseStep():
                return self._choose(form)

    def _open(self, form: OpenStep) -> Open:
        page = self._page(form.page, "page", form.open, "open")
        self._add(form.open, "open", page, popup=False)
        return Open(form.open, page, self.report.document.entry(self._path("open")))

    def _popup(self, form: PopupStep) -> Popup:
        opener, frame = self._place(form.from_, "from", "popup")
        page = self._page(form.page, "page", form.popup, "popup")
        if form.rel is not None and form.by == "window.open":
            message = "`rel` is an attribute of links: window.open has none"
            self.report.key("rel", self._path("rel"), message, "add `by: link`, or leave out `rel`")
        if form.features and form.by == "link":
            message = "`features` is an argument of window.open: links have none"
            self.report.key(
                "features", self._path("features"), message, "leave out `features`, or leave out `by: link`"
            )
        for key in ("target", "features", "rel"):
            if form.by == "self" and key in form.model_fields_set:
                message = f"the page opens this window by itself: nobody asks it for `{key}`"
                self.report.key("by-itself", self._path(key), message, f"leave out `{key}`, or leave out `by: self`")
        self._add(form.popup, "popup", page, popup=True)
        span = self.report.document.entry(self._path("popup"))
        return Popup(form.popup, page, opener, form.by, form.target, form.features, form.rel or "", span, frame)

    def _place(self, given: str | None, key: str, verb: str) -> tuple[str, tuple[str, ...]]:
        """The window that a step happens in, and the way to the frame in it that is meant."""
        if given is None or OPEN in given:
            return self._window(given, key, verb), ()
        window, *frame = given.split(".")
        self._require_open(window, key)
        if frame and window in self.flow.windows:
            require_frame(frame, self.flow.windows[window].pages, self._path(key), self.file, self.report)
        return window, tuple(frame)

    def _click(self, form: ClickStep) -> Click:
        window, frame = self._place(form.in_, "in", "click")
        loads = form.loads
        if form.opens is not None:
            loads = self._page(form.loads, "loads", form.opens, "opens")
            self._add(form.opens, "opens", loads, popup=True)
        elif loads is not None and frame:
            message = f"a click in `{form.in_}` shows no page in the window `{window}`"
            self.report.key("frame-loads", self._path("loads"), message, "leave it out, or name what it `opens`")
        elif loads is not None:
            self._show(window, loads, "loads")
        return Click(window, form.click, form.opens, loads, self.report.document.entry(self._path("click")), frame)

    def _navigate(self, form: NavigateStep) -> Navigate:
        self._require_open(form.navigate, "navigate")
        self._show(form.navigate, form.page, "page")
        self._require_opener(form.navigate, form.by, "navigated")
        return Navigate(form.navigate, form.page, form.by, self.report.document.entry(self._path("navigate")))

    def _close(self, form: CloseStep) -> Close:
        self._require_open(form.close, "close")
        self._require_opener(form.close, form.by, "closed")
        return Close(form.close, form.by, self.report.document.entry(self._path("close")))

    def _require_opener(self, name: str, by: str, done: str) -> None:
        window = self.flow.windows.get(name)
        if by == "opener" and window and not window.popup:
            message = f"window `{name}` has no opener"
            self.report.value("no-opener", self._path("by"), message, f"only a popup can be {done} by its opener")

    def _wait(self, form: WaitStep) -> Wait:
        window, frame = self._place(form.wait, "wait", "wait")
        conditions = [key for key in ("page", "says", "closed") if getattr(form, key) is not None]
        if len(conditions) != 1:
            given = f"{len(conditions)} conditions: {listing(conditions)}" if conditions else "no condition"
            self.report.key("wait", self._path("wait"), f"a wait with {given}", "it has one of: page, says, closed")
        elif frame and form.says is None:
            message = f"`{form.wait}` is a frame: only its words can be waited for"
            self.report.value("frame-wait", self._path("wait"), message, "add `says: KEY`, or name the window alone")
        if form.page is not None and not frame:
            self._show(window, form.page, "page")
        span = self.report.document.entry(self._path("wait"))
        return Wait(window, form.page, form.says, form.closed is True, span, frame)

    def _choose(self, form: ChooseStep) -> Choose:
        window = self._window(form.in_, "in", "choose")
        provider = self.file.provider
        if provider is None or not provider.fedcm:
            message = "no browser asks for an account: the scenario has no provider that browsers know"
            self.report.key("fedcm", self._path("choose"), message, "add `fedcm: true` to the provider")
        return Choose(window, form.choose, self.report.document.entry(self._path("choose")))

    def _path(self, *keys: str) -> Path:
        return ("flow", self.index, *keys)

    def _page(self, given: str | None, key: str, window: str, verb: str) -> str:
        """The page that a new window shows: the one given, or the one with the window's name."""
        if given is not None:
            require_page(given, self._path(key), self.file, self.report)
            return given
        if window not in self.file.pages and OPEN not in window:
            message = f"no page is given for the new window `{window}`, and no page has that name"
            hint = f"add `{key}: PAGE`; the pages are: {listing(self.file.pages)}"
            self.report.value("no-page", self._path(verb), message, suggestion(window, self.file.pages, hint))
        return window

    def _show(self, window: str, page: str, key: str) -> None:
        require_page(page, self._path(key), self.file, self.report)
        if window in self.flow.windows:
            self.flow.windows[window].pages.append(page)

    def _add(self, window: str, verb: str, page: str, *, popup: bool) -> None:
        if window in self.flow.windows and OPEN not in window:
            message = f"window `{window}` is opened twice"
            self.report.value("opened-twice", self._path(verb), message, "give the second window another name")
        self.flow.windows.setdefault(window, Window(popup)).pages.append(page)

    def _window(self, given: str | None, key: str, verb: str) -> str:
        """The window that a step happens in: the one given, or the first that was opened."""
        if given is not None:
            self._require_open(given, key)
            return given
        if not self.flow.windows:
            hint = "the first step opens a window: `- open: WINDOW`"
            self.report.key("not-open", self._path(verb), "no window is open yet", hint)
            return ""
        return next(iter(self.flow.windows))

    def _require_open(self, window: str, key: str) -> None:
        if window not in self.flow.windows and OPEN not in window:
            opened = self.flow.windows
            until_here = f"the flow has opened until here: {listing(opened)}"
            hint = opens_hint(window, self.file) or suggestion(window, opened, until_here)
            self.report.value("not-open", self._path(key), f"window `{window}` is not open at this step", hint)
