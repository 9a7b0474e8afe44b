"""The sentences in which rows of kind sab say what posts to what.

A sentence names one receiver, or several with what they get; who posts is the page, unless it is a worker that has the
receiver inside. Frames and workers are served as the page is, with CORP so that they load.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from isolab.conform.headers import FIELDS, HOSTS
from isolab.conform.reader import NotStagedError
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.policy.worker import Worker, WorkerKind

TRANSFER = "transfer of SharedArrayBuffer"
HISTORY = "history.pushState/replaceState with SharedArrayBuffer"
"""Observations of rows that post nothing."""
WINDOW = "same-origin opened window (also COOP+COEP)"

_RELATION = "(?P<relation>same-origin|same-site|cross-site)"
_FRAME = re.compile(rf"(?P<nested>(?:deeply )?nested )?{_RELATION} iframes?")
_WORKER = re.compile(
    r"(?P<nested>nested )?(?P<kind>dedicated|shared|service) workers?"
    r"(?: inside (?:a )?(?P<owner>dedicated|shared|service) worker)?"
)
_ONE = re.compile(
    r"(?P<both>window <-> )?(?:(?:MessageChannel|BroadcastChannel) to (?:an? |(?P<copies>two|three|several) )?)?"
    r"(?P<receiver>.+?)(?: over (?:MessageChannel|BroadcastChannel))?(?P<frames> posts/receives)?"
)
_COPIES = {"two": 2, "three": 3, "several": 3}
_CHANNEL = re.compile("MessageChannel|BroadcastChannel")
_MANY = re.compile(r"(?:BroadcastChannel|MessageChannel): (?P<receivers>.+)")
_GETS = re.compile(r"(?P<receiver>.+?) gets (?:it|messageerror)")


@dataclass(frozen=True, slots=True)
class Posting:
    """Who posts to whom, by the receivers' names. `both_ways`: the sentence is about the way back, too.

    `channel` is what is posted over, "" for the receiver's own postMessage; `copies` how many of the receiver there
    are; `returns`: it posts back, too.
    """

    sender: Environment
    receivers: Mapping[str, Environment]
    both_ways: bool = False
    names_receivers: bool = False
    channel: str = ""
    copies: int = 1
    returns: bool = False


def read_posting(sentence: str, document: Document) -> Posting:
    """Read a sentence about what `document` posts. Raises NotStagedError for one that is not known."""
    if many := _MANY.fullmatch(sentence):
        parts = [_GETS.fullmatch(part) for part in many["receivers"].split(", ")]
        if any(part is None for part in parts):
            raise _unknown(sentence)
        names = [part["receiver"] for part in parts if part]
        receivers = {name: environment_of(name, document) for name in names}
        return Posting(document, receivers, names_receivers=True, channel=_channel(sentence))
    one = _ONE.fullmatch(sentence)
    if one is None:
        raise _unknown(sentence)
    receiver = environment_of(one["receiver"], document)
    owned = _inside(one["receiver"], receiver)
    return Posting(
        owned or document,
        {one["receiver"]: receiver},
        both_ways=bool(one["both"]),
        channel=_channel(sentence),
        copies=_COPIES.get(one["copies"] or "", 1),
        returns=bool(one["frames"]),
    )


def _channel(sentence: str) -> str:
    found = _CHANNEL.search(sentence)
    return found.group() if found else ""


def environment_of(words: str, document: Document) -> Environment:
    """Make what some words name beside `document`, or in it. Raises NotStagedError for what is not known."""
    if words == "window":
        return document
    if words == WINDOW:
        return Document(_served_as(document, "same-origin", "/window"))
    if frame := _FRAME.fullmatch(words):
        parent = frame_in(document, "same-origin") if frame["nested"] else document
        return frame_in(parent, frame["relation"])
    if worker := _WORKER.fullmatch(words):
        owner: Environment = document
        if worker["nested"] or worker["owner"]:
            owner = _worker(worker["owner"] or worker["kind"], document)
        return _worker(worker["kind"], owner)
    raise _unknown(words)


def frame_in(document: Document, relation: str) -> Document:
    """Make a frame that stands in a relation to the page and is served with its policies."""
    if relation not in HOSTS:
        raise _unknown(f"{relation} iframe")
    return Document(_served_as(document, relation, "/frame"), document)


def _inside(words: str, receiver: Environment) -> Environment | None:
    """Say which worker posts where the receiver is inside it."""
    found = _WORKER.fullmatch(words)
    within = found and (found["owner"] or found["nested"])
    return receiver.owners[0] if within and isinstance(receiver, Worker) else None


def _worker(kind: str, owner: Environment) -> Worker:
    return Worker(cast("WorkerKind", kind), _served_as(owner, "same-origin", f"/{kind}.js"), (owner,))


def _served_as(environment: Environment, relation: str, path: str) -> Hop:
    origin = Origin(environment.response.origin.scheme, HOSTS[relation])
    return Hop(f"{origin}{path}", origin, 200, (*environment.response.headers, (FIELDS["corp"], "cross-origin")))


def _unknown(words: str) -> NotStagedError:
    return NotStagedError(f"the row's subtest or global says {words!r}, which is not known")
