"""Thousands of cases in little room: what is the same is written once.

Engines that do the same, and cases of one scenario, have most of their headers, reasons and texts in common. So every
value is a node, written once, and lists and objects name their parts by number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold."""

_Key = tuple[object, ...]


class Packed(TypedDict):
    """`nodes`: scalars as they are, lists as lists of node numbers, objects as [shape, numbers of their values...].

    A list begins with -1 where it is a list, else with the number of its shape: `shapes` has each object's keys.
    `roots` are the numbers of the values that were packed.
    """

    nodes: list[object]
    shapes: list[list[str]]
    roots: list[int]


class Packer:
    """Takes values in one by one; :meth:`packed` has all of them."""

    def __init__(self) -> None:
        self._numbers: dict[_Key, int] = {}
        self._nodes: list[object] = []
        self._shapes: dict[tuple[str, ...], int] = {}

    def add(self, value: Plain) -> int:
        """Give the number of the value's node."""
        if isinstance(value, dict):
            shape = self._shapes.setdefault(tuple(value), len(self._shapes))
            return self._node([shape, *map(self.add, value.values())])
        if isinstance(value, list):
            return self._node([-1, *map(self.add, value)])
        # True and 1 are equal, and so are 1 and 1.0, and 0.0 and -0.0.
        return self._number((type(value), repr(value) if isinstance(value, float) else value), value)

    def _node(self, node: list[int]) -> int:
        return self._number(tuple(node), node)

    def _number(self, key: _Key, node: object) -> int:
        number = self._numbers.setdefault(key, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(node)
        return number

    def packed(self, roots: Iterable[int]) -> Packed:
        """Give everything that was taken in."""
        return {"nodes": self._nodes, "shapes": [list(shape) for shape in self._shapes], "roots": list(roots)}


def pack(values: Iterable[Plain]) -> Packed:
    """Pack values so that the page's script (unpack.js) can give each of them again by its place."""
    packer = Packer()
    return packer.packed([packer.add(value) for value in values])
