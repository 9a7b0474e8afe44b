"""As much of a text as there is room for, and a word about what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isolab.reports.words import plural


@dataclass(slots=True)
class Room:
    """The UTF-8 bytes that are left. What is asked for first is given first, wherever it stands in the end.

    The words about what is left out take no room: they are few, and there must always be some for them.
    """

    left: int

    def takes(self, block: str) -> bool:
        """Whether the block and the line feeds after it still fit; then they are taken."""
        size = len(block.encode("utf-8")) + 2
        if size > self.left:
            return False
        self.left -= size
        return True

    def half(self) -> Room:
        """Half of what is left, as a room of its own; what is left of that may be given back."""
        other = Room(self.left // 2)
        self.left -= other.left
        return other

    def blocks(self, blocks: Iterable[str]) -> list[str]:
        """Those blocks that fit; one that is too long takes no other with it."""
        found = list(blocks)
        kept = [block for block in found if self.takes(block)]
        lost = len(found) - len(kept)
        return [*kept, *([f"({plural(lost, 'part')} left out: too long to be shown here)"] if lost else [])]

    def items(self, items: Iterable[str]) -> list[str]:
        """Those items that fit, each a list's; the last says how many do not."""
        found = [f"- {item}" for item in items]
        kept = [item for item in found if self.takes(item)]
        lost = len(found) - len(kept)
        return [*kept, *([f"- ({lost} more: too long to be shown here)"] if lost else [])]
