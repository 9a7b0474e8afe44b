"""The file's form of a popup sign-in: the mechanisms of the page that opens, and of the page that the answer comes to.

Times are in milliseconds, as in the libraries that they are taken from.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from isolab.scenario.presets import SIDES, preset_names
from isolab.scenario.strict import Strict
from isolab.scenario.values import FILLABLE, PageName, wrong
from isolab.scenario.wording import listing, suggestion

_LONGEST_MS = 600_000


def _milliseconds(value: int) -> int:
    if not 0 <= value <= _LONGEST_MS:
        raise wrong("milliseconds", f"{value} milliseconds are out of range", f"0 to {_LONGEST_MS}: ten minutes")
    return value


def _speed(value: float) -> float:
    if not 0 < value <= 1000:  # noqa: PLR2004 - nothing waits for 600 seconds then
        raise wrong("speed", f"the speed {value:g} is out of range", "more than 0 and at most 1000")
    return value


Milliseconds = Annotated[int, AfterValidator(_milliseconds), WithJsonSchema({"type": "integer", "minimum": 0})]
Speed = Annotated[float, AfterValidator(_speed), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]
_Flag = Annotated[bool, *FILLABLE]


class Opening(Strict):
    """How the window is opened and sent on its way."""

    way: Annotated[Literal["direct", "blank", "waitpage", "redirect", "browser"], *FILLABLE] = Field(
        "direct",
        description="direct, by about:blank, by a page of one's own, or no window at all: the page itself goes "
        "(redirect), or the browser asks the person (FedCM)",
    )
    page: PageName | None = Field(None, description="the page of one's own that shows first; with way: waitpage")
    by: Annotated[Literal["assign", "replace", "form"], *FILLABLE] = Field(
        "assign", description="how a window that shows something else first is sent on"
    )
    target: str = Field("_blank", description="the name of the browsing context; random: another one each time")
    features: str = Field("popup,width=480,height=640", description="the third argument of window.open")


class WatchClosed(Strict):
    """Asks again and again whether the handle reads closed."""

    every: Milliseconds = Field(500, description="the interval, in milliseconds")
    grace: Milliseconds = Field(0, description="how long it waits then before it gives up, in milliseconds")
    of: Annotated[Literal["handle", "window"], *FILLABLE] = Field(
        "handle", description="handle.closed, or handle.window.closed"
    )
    first: _Flag = Field(default=False, description="true: it asks at once as well")


class WatchLocation(Strict):
    """Asks again and again where the window is, until it is back on the page's own origin."""

    every: Milliseconds = Field(50, description="the interval, in milliseconds")


class WatchMessage(Strict):
    """Listens for messages."""

    origin: str | None = Field(None, description="the host that they have to come from")
    source: _Flag = Field(default=False, description="true: they have to come from the window that was opened")
    state: _Flag = Field(default=False, description="true: they have to carry the state of the request")


class WatchFocus(Strict):
    """Takes the page's getting the focus again for the person's coming back."""

    grace: Milliseconds = Field(1000, description="how long it waits then before it gives up, in milliseconds")


class Watching(Strict):
    """What the page looks at while the window is open."""

    closed: WatchClosed | None = Field(None, description="whether its handle reads closed")
    location: WatchLocation | None = Field(None, description="whether it is back on the page's own origin")
    message: WatchMessage | None = Field(None, description="messages")
    call: str | None = Field(None, description="the function of this name that the callback page calls in it")
    focus: WatchFocus | None = Field(None, description="whether the page gets the focus again")
    timeout: Milliseconds | None = Field(None, description="when it gives up altogether, in milliseconds")


class StoragePoll(Strict):
    """Reads localStorage again and again."""

    key: str = Field(description="the key of localStorage")
    every: Milliseconds = Field(500, description="the interval, in milliseconds")


class ServerPoll(Strict):
    """Asks its own server again and again."""

    every: Milliseconds = Field(500, description="the interval, in milliseconds")


class Channels(Strict):
    """Ways beside the opener link; `{state}` in a name stands for the state of the request."""

    broadcast: str | None = Field(None, description="the BroadcastChannel that it listens to")
    storage: str | None = Field(None, description="the key of localStorage whose storage event it listens for")
    poll: StoragePoll | None = Field(None, description="the key of localStorage that it reads again and again")
    session: str | None = Field(None, description="the key of sessionStorage under which it leaves the state")
    socket: str | None = Field(None, description="the topic on which its own server tells it more, by WebSocket")
    server: ServerPoll | None = Field(
        None, description="it asks its own server whether the callback was asked for; with close, whether it ran"
    )


class Errors(Strict):
    """What the page says when it gives up."""

    closed: str | None = Field(None, description="when the handle reads closed")
    timeout: str | None = Field(None, description="when its time is over")
    blocked: str | None = Field(None, description="when window.open returns null; without words it does not notice")
    orphan: str | None = Field(None, description="when it forwards and has no opener; without words it does not notice")
    focus: str | None = Field(None, description="when the person has come back without an answer")
    unsupported: str | None = Field(None, description="when the browser cannot ask the person itself (way: browser)")
    probe: str | None = Field(None, description="what it writes to the console when its own COOP is same-origin")


def _preset(side: str) -> tuple[AfterValidator, WithJsonSchema]:
    def check(name: str) -> str:
        known = preset_names(side)
        if name not in known:
            raise wrong("unknown-preset", f"there is no preset `{name}`", suggestion(name, known, listing(known)))
        return name

    return AfterValidator(check), WithJsonSchema({"enum": preset_names(side)})


SIGNIN, RETURNS = SIDES


class SignInForm(Strict):
    """A page with a button that signs in by a popup. What a preset says is said over by what stands here."""

    preset: Annotated[str, *_preset(SIGNIN), *FILLABLE] | None = Field(None, description="a library that behaves so")
    to: PageName | None = Field(None, description="where the window goes; default: the provider's authorize endpoint")
    client: str | None = Field(None, description="the client_id; default: the provider's first client")
    callback: PageName | None = Field(None, description="the redirect URI's page; default: callback")
    response_type: str | None = Field(None, description="default: code")
    response_mode: str | None = Field(None, description="default: that of the response type")
    params: dict[str, str] | None = Field(None, description="further parameters of the authorization request")
    open: Opening | None = Field(None, description="how the window is opened")
    watch: Watching | None = Field(None, description="what is looked at while it is open")
    channels: Channels | None = Field(None, description="ways beside the opener link")
    forwards: str | None = Field(
        None,
        description="it is a page in between: it opens the request that its address carries, posts what comes of it to "
        "its opener (for *, self, or the origin of a host), and closes itself",
    )
    relay: PageName | None = Field(None, description="a hidden frame of the provider that passes the answer on")
    close: _Flag | None = Field(None, description="true: the page closes the window in the end")
    probe: _Flag | None = Field(None, description="true: it reads the COOP header of its own page, by HEAD")
    at_once: _Flag | None = Field(None, description="true: nobody has to click")
    errors: Errors | None = Field(None, description="its words when it gives up")
    patience: Milliseconds | None = Field(
        None, description="after so long without an outcome it says `waiting`, in milliseconds of real time"
    )
    speed: Speed = Field(1.0, description="how much faster than it says its clocks run: 10 makes 60 seconds 6")


class ReturnSteps(Strict):
    """What the page that the answer comes to does with it."""

    post: str | None = Field(None, description="a message to window.opener, for this origin: *, self, or a host's name")
    call: str | None = Field(None, description="a function of this name in window.opener")
    frames: str | None = Field(None, description="a message to the frame of this name in window.opener")
    broadcast: str | None = Field(None, description="a message on this BroadcastChannel")
    storage: str | None = Field(None, description="written to localStorage under this key")
    socket: str | None = Field(None, description="told to its own server on this topic, by WebSocket")
    session: str | None = Field(None, description="this key of sessionStorage is read, and said")
    error: str | None = Field(None, description="it fails with these words")
    close: _Flag | None = Field(None, description="true: it closes itself")


class ReturnsForm(ReturnSteps):
    """What the page that the answer comes to does with it. Nothing: it only shows, for the opener to look at."""

    preset: Annotated[str, *_preset(RETURNS), *FILLABLE] | None = Field(None, description="a library that behaves so")
    gate: Annotated[Literal["opener", "name"], *FILLABLE] | None = Field(
        None, description="it does so only with window.opener, or with a window.name"
    )
    otherwise: ReturnSteps | None = Field(None, description="what it does without")
    as_: Annotated[Literal["params", "url"], *FILLABLE] | None = Field(
        None, alias="as", description="what is passed on: the answer's parameters, or the whole URL"
    )
