"""Names of pages and hosts that the file mentions: they have to exist."""

from __future__ import annotations

from isolab.scenario.model import ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Path, Report
from isolab.scenario.wording import listing, suggestion


def require_page(name: str, path: Path, file: ScenarioFile, report: Report) -> None:
    """Report a page that the file does not have; a name with an unknown placeholder has been reported already."""
    if name not in file.pages and OPEN not in name:
        hint = suggestion(name, file.pages, f"the pages are: {listing(file.pages)}")
        report.value("unknown-page", path, f"there is no page `{name}`", hint)


def host_names(file: ScenarioFile) -> tuple[str, ...]:
    """The file's hosts, the default included; the first is the one that others relate to."""
    return tuple(file.hosts or ("app",))


def require_host_name(name: str, path: Path, file: ScenarioFile, report: Report) -> None:
    """Report a host that the file does not have."""
    names = host_names(file)
    if name not in names and OPEN not in name:
        hint = suggestion(name, names, f"the hosts are: {listing(names)}")
        report.value("unknown-host", path, f"there is no host `{name}`", hint)
