"""Commands that are imported when they are asked for: one of them is used, and importing them all takes longer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from pkgutil import resolve_name

import rich_click as click

from isolab.cli.help import teach
from isolab.cli.start import leaving_at_once


class OnDemand(MutableMapping[str, click.Command]):
    """The commands of a group by name, from the places where they are (`package.module:attribute`)."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._known: dict[str, str | click.Command] = dict(places)

    def __getitem__(self, name: str) -> click.Command:
        known = self._known[name]
        if isinstance(known, str):
            known = self._known[name] = _command(known)
        return known

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __contains__(self, name: object) -> bool:
        # Without asking for it, as the mixin would.
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _command(place: str) -> click.Command:
    with leaving_at_once():
        command: click.Command = resolve_name(place)
        teach(command)
    return command
