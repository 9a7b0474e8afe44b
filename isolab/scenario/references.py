"""Names of pages and hosts that the file mentions: they have to exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from isolab.scenario.embeds import Embed, Iframe
from isolab.scenario.model import ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Path, Report
from isolab.scenario.steps import ClickStep
from isolab.scenario.wording import listing, suggestion


def require_page(name: str, path: Path, file: ScenarioFile, report: Report) -> None:
    """Report a page that the file does not have; a name with an unknown placeholder has been reported already."""
    if name not in file.pages and OPEN not in name:
        hint = suggestion(name, file.pages, f"the pages are: {listing(file.pages)}")
        report.value("unknown-page", path, f"there is no page `{name}`", hint)


def require_end(name: str, file: ScenarioFile, report: Report) -> None:
    """Report a loop of redirects that begins at a page: browsers give it up (Fetch, HTTP-redirect fetch) and show none.

    The message stands at the loop's page that the file has first, whichever one the redirects come from.
    """
    hops: list[str] = []
    page = file.pages.get(name)
    while page is not None and page.redirect is not None and name not in hops:
        hops.append(name)
        name = page.redirect
        page = file.pages.get(name)
    if name in hops:
        loop = hops[hops.index(name) :]
        first = next(known for known in file.pages if known in loop)
        at = loop.index(first)
        others = [*loop[at + 1 :], *loop[:at]]
        message = f"page `{first}` redirects to itself" + (f", by {listing(others)}" if others else "")
        report.value("redirect-loop", ("pages", first, "redirect"), message, "redirect to a page that can be shown")


def pages_shown(names: Iterable[str], file: ScenarioFile) -> list[str]:
    """The pages and those that their redirects lead to."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        page = file.pages.get(name)
        if page is not None and name not in found:
            found.append(name)
            waiting += [page.redirect] if page.redirect else []
    return found


def host_names(file: ScenarioFile) -> tuple[str, ...]:
    """The file's hosts, the default included; the first is the one that others relate to."""
    return tuple(file.hosts or ("app",))


def page_host(name: str, file: ScenarioFile) -> str:
    """The host of a page: the one that it names, else the one with its own name, else the first."""
    names = host_names(file)
    return file.pages[name].host or (name if name in names else names[0])


def require_host_name(name: str, path: Path, file: ScenarioFile, report: Report) -> None:
    """Report a host that the file does not have."""
    names = host_names(file)
    if name not in names and OPEN not in name:
        hint = suggestion(name, names, f"the hosts are: {listing(names)}")
        report.value("unknown-host", path, f"there is no host `{name}`", hint)


def require_frame(names: list[str], pages: Iterable[str], path: Path, file: ScenarioFile, report: Report) -> None:
    """Report a frame that none of the pages has; `names` leads through frames in frames."""
    for name in names:
        embeds = _embeds(pages, file)
        form = embeds.get(name)
        if not isinstance(form, Iframe):
            frames = [known for known, one in embeds.items() if isinstance(one, Iframe)]
            hint = f"the frames are: {listing(frames)}" if frames else "no page that shows there embeds one"
            report.value("unknown-frame", path, f"there is no frame `{name}`", suggestion(name, frames, hint))
            return
        pages = [form.iframe]


def _embeds(pages: Iterable[str], file: ScenarioFile) -> Mapping[str, Embed]:
    """What the pages, and those that their redirects lead to, embed."""
    shown = pages_shown(pages, file)
    return {name: form for page in shown for name, form in (file.pages[page].embed or {}).items()}


def opens_hint(window: str, file: ScenarioFile) -> str:
    """What a flow most likely lacks that never opens a window called like a page: "" where no click could open it."""
    clicks = any(isinstance(step, ClickStep) and step.opens is None and step.loads is None for step in file.flow)
    opened = any(window in (getattr(step, "open", None), getattr(step, "popup", None)) for step in file.flow)
    if window not in file.pages or not clicks or opened:
        return ""
    return f"add `opens: {window}` to the click that opens it, or `loads: {window}` if it shows in the same window"
