"""A long list in little memory: it lies in packed pieces, and one piece at a time is unpacked to be read."""

import pickle
import zlib

_PIECE = 50


class Packed:
    """A list that is appended to, read in order or by position, and cut off at its end. What is read is a copy.

    Ten thousand rows of a sheet take about a megabyte, their fifty thousand events a few. It never leaves the process.
    """

    def __init__(self, items=()):
        self._pieces: list[bytes] = []
        self._last: list = []
        self._unpacked: tuple[int, list] = (-1, [])
        for item in items:
            self.append(item)

    def append(self, item) -> None:
        self._last.append(item)
        if len(self._last) == _PIECE:
            self._pieces.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), 1))
            self._last = []

    def cut(self, length) -> None:
        """Forget everything from the position ``length`` on."""
        if length >= len(self):
            return
        piece, rest = divmod(length, _PIECE)
        self._last = self._piece(piece)[:rest]
        del self._pieces[piece:]
        self._unpacked = (-1, [])

    def __len__(self):
        return len(self._pieces) * _PIECE + len(self._last)

    def __iter__(self):
        for items in self.pieces():
            yield from items

    def pieces(self):
        """The items in order, some hundred at a time."""
        for number in range(len(self._pieces)):
            yield self._piece(number)
        if self._last:
            yield list(self._last)

    def __getitem__(self, position):
        if not 0 <= position < len(self):
            raise IndexError(position)
        number, rest = divmod(position, _PIECE)
        return self._piece(number)[rest]

    def _piece(self, number) -> list:
        if number == len(self._pieces):
            return list(self._last)
        if self._unpacked[0] != number:
            self._unpacked = (number, pickle.loads(zlib.decompress(self._pieces[number])))  # noqa: S301 — our own
        return self._unpacked[1]
