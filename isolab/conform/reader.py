"""Reading a row's setting with care: what nobody reads would change what the row says, so it must not get lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Json = Any


class NotStagedError(Exception):
    """A row that cannot be played here; the message says why, in words that complete "could not be run:"."""


@contextmanager
def well_formed() -> Iterator[None]:
    """Refuse a row whose fields have another form than its kind reads: it must not take all other rows with it.

    Raises NotStagedError for what reading such a row raises.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {error}"
        raise NotStagedError(f"the row has another form than rows of its kind have ({what})") from error


class Reader:
    """The fields of an object in a row; remembers which of them were read. `place` is its path in the row."""

    def __init__(self, data: Mapping[str, Json], place: str = "") -> None:
        self._data = data
        self._place = place
        self._read: set[str] = set()
        self._parts: dict[str, Reader] = {}

    def has(self, key: str) -> bool:
        """Whether the field is there; it is yet to be read."""
        return key in self._data

    def get(self, key: str, default: Json = None) -> Json:
        """A field of any type."""
        self._read.add(key)
        return self._data.get(key, default)

    def text(self, key: str, default: str | None = None) -> str | None:
        """A field that is text or null. Raises NotStagedError for anything else."""
        value = self.get(key, default)
        if value is None or isinstance(value, str):
            return value
        raise self.unknown(key)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A field that is true or false. Raises NotStagedError for anything else."""
        value = self.get(key, default)
        if isinstance(value, bool):
            return value
        raise self.unknown(key)

    def one_of(self, key: str, *choices: str | None) -> str | None:
        """A field with one of these values; the first where it is not there. Raises NotStagedError for any other."""
        value = self.get(key, choices[0])
        if value in choices:
            return value if value is None else str(value)
        raise self.unknown(key)

    def part(self, key: str) -> Reader:
        """A field that is an object, or an empty one where it is null or not there; the same one each time."""
        if key in self._parts:
            return self._parts[key]
        value = self.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.unknown(key)
        self._parts[key] = Reader(value or {}, f"{self._place}{key}.")
        return self._parts[key]

    def unknown(self, key: str) -> NotStagedError:
        """What to raise about a field whose value is none that is known."""
        return NotStagedError(f"the row's {self._place}{key} is {self._data.get(key)!r}, which is not known")

    def unread(self) -> Iterator[str]:
        """The fields that nobody has read, here and in what was read of it."""
        yield from (f"{self._place}{key}" for key in self._data if key not in self._read)
        for part in self._parts.values():
            yield from part.unread()

    def finish(self) -> None:
        """Raise NotStagedError if anything was left unread."""
        if left := list(self.unread()):
            raise NotStagedError(f"the row has {', '.join(left)}, which is not known")
