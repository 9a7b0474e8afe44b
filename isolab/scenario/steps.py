"""The steps of a flow: one model for each verb."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from isolab.scenario.case import CloseBy, NavigateBy, OpenBy
from isolab.scenario.shapes import require_step, step_verb
from isolab.scenario.strict import Strict
from isolab.scenario.values import FILLABLE, PageName, WindowName, WindowOrFrame


class OpenStep(Strict):
    """A person opens a window."""

    open: WindowName = Field(description="the new window's name")
    page: PageName | None = Field(None, description="default: the page with the window's name")


class PopupStep(Strict):
    """A script opens a window."""

    popup: WindowName = Field(description="the new window's name")
    page: PageName | None = Field(None, description="default: the page with the window's name")
    from_: WindowOrFrame | None = Field(
        None, alias="from", description="the opener, a window or a frame in it (app.frame); default: the first window"
    )
    by: Annotated[OpenBy, *FILLABLE] = Field(
        "window.open", description="window.open, a link, or self: a script of the page itself, when it likes"
    )
    target: str = Field("_blank", description="the name of the browsing context")
    features: str = Field("", description="the third argument of window.open")
    rel: str | None = Field(None, description="the link's rel; only with by: link")


class ClickStep(Strict):
    """A person clicks."""

    click: str = Field(description="a CSS selector")
    in_: WindowOrFrame | None = Field(
        None, alias="in", description="the window, or a frame in it (app.frame); default: the first opened window"
    )
    opens: WindowName | None = Field(None, description="the name of the window that the click opens")
    loads: PageName | None = Field(None, description="the page that then shows; default: the page named like `opens`")


class NavigateStep(Strict):
    """A window goes to another page."""

    navigate: WindowName = Field(description="the window")
    page: PageName = Field(description="where it goes")
    by: Annotated[NavigateBy, *FILLABLE] = Field("location", description="who sends it there, and how")


class CloseStep(Strict):
    """A window is closed."""

    close: WindowName = Field(description="the window")
    by: Annotated[CloseBy, *FILLABLE] = Field("user", description="the person, its own script, or its opener")


class WaitStep(Strict):
    """The flow waits for exactly one thing."""

    wait: WindowOrFrame = Field(description="the window; with says also a frame in it (app.frame)")
    page: PageName | None = Field(None, description="until it shows this page")
    says: str | None = Field(None, description="until its page has called isolab.say with this key")
    closed: Literal[True] | None = Field(None, description="true: until it is closed")


class ChooseStep(Strict):
    """A person answers the browser's own sign-in dialog (FedCM)."""

    choose: str | None = Field(description="the account, by its id (the person's name); null: the dialog is closed")
    in_: WindowName | None = Field(None, alias="in", description="the window; default: the first opened window")


STEPS: dict[str, type[Strict]] = {
    "open": OpenStep,
    "popup": PopupStep,
    "click": ClickStep,
    "navigate": NavigateStep,
    "close": CloseStep,
    "wait": WaitStep,
    "choose": ChooseStep,
}
Step = OpenStep | PopupStep | ClickStep | NavigateStep | CloseStep | WaitStep | ChooseStep
TaggedStep = Annotated[
    Annotated[OpenStep, Tag("\0open")]
    | Annotated[PopupStep, Tag("\0popup")]
    | Annotated[ClickStep, Tag("\0click")]
    | Annotated[NavigateStep, Tag("\0navigate")]
    | Annotated[CloseStep, Tag("\0close")]
    | Annotated[WaitStep, Tag("\0wait")]
    | Annotated[ChooseStep, Tag("\0choose")],
    Discriminator(step_verb),
    BeforeValidator(require_step),
]
