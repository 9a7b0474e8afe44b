"""An explanation as lines that a person reads. What headers say is not made harmless here: the command does that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from isolab.explain.model import EmbedNote, Explanation, FalseFix, HeaderNote, LinkNote, PageNote, ResponseNote

_FATES = {
    "preserved": "it keeps its opener",
    "severed": "it loses its opener",
    "noopener": "it has no opener",
    "not-loaded": "it does not load",
}

_NAMED = "its HTML has these addresses, too; no script is run here, and what a service worker may add is not seen:"


def lines(explanation: Explanation) -> Iterator[str]:
    """The explanation, line by line."""
    if explanation.id:
        yield f"{explanation.id}: {explanation.title}"
    for page in explanation.pages:
        yield from page_lines(page)
    for link in explanation.links:
        yield from link_lines(link)
    for title in ("will not help", "not your problem"):
        yield from false_fix_lines(title, [fix for fix in explanation.false_fixes if fix.title == title])


def false_fix_lines(title: str, fixes: Sequence[FalseFix]) -> Iterator[str]:
    """The paragraph about what people take for the mend or for the cause; nothing where there is none."""
    if fixes:
        yield f"what {title}:" if title == "will not help" else f"{title}:"
    for fix in fixes:
        yield f"  {fix.text}"
        yield f"    instead: {fix.instead}"
        yield f"    {fix.source}"


def page_lines(page: PageNote) -> Iterator[str]:
    """What is said of a window's document."""
    if page.leads_to:
        yield f"{page.window} is sent on from {page.url} to {page.leads_to}, whose response is not given"
    else:
        yield f"{page.window} shows {page.url}"
    for number, response in enumerate(page.way, 1):
        yield from _indented(_response(response, number if len(page.way) > 1 else 0))
    yield f"  {'isolated' if page.isolated else 'not isolated'}: {page.reason}"
    yield f"    {page.source}"
    for embed in page.embeds:
        yield from _indented(_embed(embed))
    if page.named:
        yield f"  {_NAMED}"
    for response in page.named:
        yield from _indented(_indented(_named(response)))


def _response(response: ResponseNote, number: int) -> Iterator[str]:
    if number:
        yield f"hop {number}, {response.url} ({response.status})"
    inner = [line for header in response.headers for line in _header(header)]
    yield from _indented(inner) if number else inner


def _named(response: ResponseNote) -> Iterator[str]:
    yield response.url if response.headers else f"{response.url}: sends no header about isolation"
    yield from _indented(line for header in response.headers for line in _header(header))


def _header(header: HeaderNote) -> Iterator[str]:
    yield f"{header.name}: {header.value}"
    if header.ignored is None:
        yield f"  {header.effect}"
    else:
        place = f" (character {header.ignored.character})" if header.ignored.character else ""
        yield f"  browsers ignore it: {header.ignored.reason}{place}"
    yield f"  {header.source}"


def _embed(embed: EmbedNote) -> Iterator[str]:
    yield f"{embed.kind} {embed.name}, {embed.url}: {embed.load}: {embed.reason}"
    yield f"  {embed.source}"
    yield from _indented(line for header in embed.ignored for line in _header(header))
    if embed.isolated is not None:
        yield f"  {'isolated' if embed.isolated else 'not isolated'}: {embed.isolation}"
        yield f"    {embed.isolation_source}"


def link_lines(link: LinkNote) -> Iterator[str]:
    """What is said of a popup's link to its opener."""
    yield f"{link.popup}, opened by {link.opener}: {link.fate} ({_FATES[link.fate]})"
    if link.assumption:
        yield f"  {link.assumption}"
    yield from (f"  {hop.text}" for hop in link.hops)
    if link.usually_set_by:
        yield f"  {_policy_that_cuts(link)} is often set by {', '.join(link.usually_set_by)}"
    if link.fate != "severed":
        yield f"  {link.reason}"
    yield f"    {link.source}"


def _policy_that_cuts(link: LinkNote) -> str:
    """A response without a policy is cut off by that of the page before it."""
    hop = link.hops[link.cut - 1] if link.cut else None
    return f"the {hop.from_policy} before it" if hop and hop.to_policy == "unsafe-none" else "such a policy"


def _indented(told: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in told)
