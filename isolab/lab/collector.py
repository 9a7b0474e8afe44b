"""The report collector: where browsers deliver what pages have them report (Reporting API), and who asks for it."""

from __future__ import annotations

import json

from isolab.lab.document import Json
from isolab.waiting import Deadline, Signal

REPORTS = "/.isolab/report/"
"""Paths below this take reports, on every host: then the case and the endpoint's name (`${{ report.NAME }}`)."""

ALLOWED = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "content-type"}
"""What a browser asks before it delivers a report to another origin."""

WAIT_S = 20.0
"""How long a page waits for reports that it expects, in seconds."""


class Collector:
    """The reports of one case, by the name of the endpoint, in the order of their coming."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal
        self._reports: dict[str, list[Json]] = {}

    def take(self, name: str, body: str) -> None:
        """Take what a browser delivers: a list of reports, or the single one of a `report-uri`. Raises ValueError."""
        delivered = json.loads(body)
        reports = delivered if isinstance(delivered, list) else [delivered]
        if not all(isinstance(report, dict) for report in reports):
            raise ValueError("a report is an object")
        self._reports.setdefault(name, []).extend(reports)
        self._signal.notify()

    def of(self, name: str) -> list[Json]:
        """The reports to an endpoint so far, as the browser wrote them: `type`, `url`, `body` and so on."""
        return list(self._reports.get(name, ()))

    async def at_least(self, name: str, count: int) -> list[Json]:
        """The reports to an endpoint once there are so many, or after WAIT_S those that there are."""
        try:
            with Deadline(WAIT_S) as deadline:
                await self._signal.until(lambda: len(self.of(name)) >= count or None, deadline)
        except TimeoutError:
            pass
        return self.of(name)
