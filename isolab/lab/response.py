"""The response that a page of a case gets: its status, its header lines, its bytes, and where it redirects to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from isolab.lab.render import Body, Renderer
from isolab.lab.revalidate import is_unchanged, kept_lines
from isolab.lab.signin.desk import Desk
from isolab.lab.signin.message import Answer, Asked, Sent, Shown, Told, with_query
from isolab.scenario.case import Endpoint, Page, Redirect

Lines = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` are those beside the page's own; `location` is the real URL of a redirect.

    `unchanged`: the browser has a copy that is still good; of the page's headers those go out that its 304 repeats.
    """

    status: int
    body: Body
    headers: Lines = ()
    location: str | None = None
    unchanged: bool = False


def respond(page: Page, renderer: Renderer, desk: Desk | None, asked: Asked, document: str) -> Response:
    """The response to a request for a page; `document` is the id under which its probe reports."""
    if isinstance(page.body, Endpoint) and desk:
        return _answered(desk.answer(page.body, asked), page, renderer, document)
    body = renderer.body(page, document)
    # What has a probe in it reports as the document that it was served for: a copy would speak for another.
    if not body.probed and is_unchanged(page, asked.method, asked.headers):
        return Response(HTTPStatus.NOT_MODIFIED, renderer.nothing(), unchanged=True)
    if not isinstance(page.body, Redirect):
        return Response(page.status, body)
    location = renderer.location(page.body.to)
    if page.body.keep_query:
        location = with_query(location, tuple(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True)))
    return Response(page.status, body, location=location)


def _answered(answer: Answer, page: Page, renderer: Renderer, document: str) -> Response:
    """What the provider answers, as a response of a page."""
    match answer:
        case Shown(fixture, options, status, headers):
            return Response(status, renderer.shown(page, fixture, options, document), headers)
        case Told(data, status, headers, content_type):
            content = b"" if data is None else json.dumps(data).encode()
            return Response(status, Body(content, content_type, probed=False), headers)
        case Sent(url=url, headers=headers, status=status):
            return Response(status, renderer.nothing(), headers, url)


def header_lines(page: Page, response: Response, renderer: Renderer) -> list[tuple[str, str]]:
    """Every line in the order sent: the page's own first; none of the others takes the place of one of those."""
    lines = [(name, renderer.fill(value, page)) for name, value in page.headers]
    if response.unchanged:
        return kept_lines(page, lines)
    lines += [(name, value) for name, value in response.headers if page.header(name) is None]
    # Headers differ from case to case, so nothing is to be cached.
    usual = (("Content-Type", response.body.content_type), ("Cache-Control", "no-store"))
    there = {name.lower() for name, _ in lines}
    lines += [(name, value) for name, value in usual if name.lower() not in there]
    return [*lines, ("Location", response.location)] if response.location else lines
