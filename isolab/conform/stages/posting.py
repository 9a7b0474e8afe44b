"""Scenes in which one global posts to others: each receiver tells the sender what it got, the page says the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isolab.conform.reader import NotStagedError
from isolab.conform.scene import Scene
from isolab.conform.stages.script import as_script, at, frame_of, given, page_with, script_with, url_of
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.worker import Worker

LIBRARIES = ("lines", "memory")
"""The scripts that all ends have."""


@dataclass
class PostOffice:
    """Adds the ends of what is posted to a scene whose page is `page`."""

    scene: Scene
    page: Document
    channel: str
    _frames: list[str] = field(default_factory=list)
    _number: int = 0

    def receiver(self, to: Environment, *, allowed: bool = False) -> list[str]:
        """Add a receiver; gives its kind and where the sender finds it. `allowed`: it may be isolated in a frame.

        Raises NotStagedError where it is the page itself.
        """
        if to is self.page:
            raise NotStagedError("the page posts to itself, which rows with `globals` say")
        self._number += 1
        name = f"receiver-{self._number}"
        receive = f"receive('{self.channel}', '{name}')"
        if isinstance(to, Worker):
            self.scene.page(name, as_script(to.response, f"/{name}.js"), html=script_with(LIBRARIES, receive))
            return [to.kind, url_of(name)]
        self.scene.page(name, at(to.response, f"/{name}"), html=page_with(LIBRARIES, receive))
        self._show(to, name, {"allow": "cross-origin-isolated"} if allowed else {})
        return ["window", name]

    def sender(self, sender: Environment, options: Mapping[str, Any]) -> None:
        """Add the page, once all receivers are there, and the worker in it that sends, if it is one."""
        call = f"result({given(options)})"
        if isinstance(sender, Worker):
            script = script_with(LIBRARIES, f"sendFromHere({given(options)})")
            self.scene.page("sender", as_script(sender.response, "/sender.js"), html=script)
            call = f"hearResult('{sender.kind}', '{url_of('sender')}')"
        html = page_with(LIBRARIES, f"{call}.then(result => isolab.say('result', result))", self._frames)
        self.scene.page("page", self.page.response, html=html)

    def _show(self, document: Document, name: str, attributes: Mapping[str, str]) -> None:
        """Have the document shown: in a frame of the page, a frame in a frame, or a window that the page opens."""
        if document.parent is None:
            self.scene.flow.append({"popup": name})
            return
        within = name
        if document.parent is not self.page:
            within = f"outer-{name}"
            self.scene.page(within, at(document.parent.response, f"/{within}"), html=frame_of(name, **attributes))
        self._frames.append(frame_of(within, **attributes))
