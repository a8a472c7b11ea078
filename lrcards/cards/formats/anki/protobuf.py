"""Read messages in the wire format of Protocol Buffers, as far as Anki's files need it.

Source: protobuf.dev/programming-guides/encoding. A field's number is all that a message says of it, so who
reads one knows its type. A field that is not there is 0, empty or false.
"""

import struct
from collections import defaultdict

from lrcards.errors import DeckError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SMALLEST, _LARGEST = 1e-37, 1e38


class Message:
    """The fields of one message by their numbers.

    Raises:
        DeckError: the bytes are no message, or a field is not of the type it is read as.
    """

    def __init__(self, data: bytes) -> None:
        self._fields: dict[int, list[int | bytes]] = defaultdict(list)
        position = 0
        while position < len(data):
            key, position = _varint(data, position)
            wire_type = key & 7
            if wire_type == _VARINT:
                number, position = _varint(data, position)
                self._fields[key >> 3].append(number)
                continue
            if wire_type == _BYTES:
                length, position = _varint(data, position)
            elif wire_type in (_FIXED64, _FIXED32):
                length = 8 if wire_type == _FIXED64 else 4
            else:
                raise _broken()
            end = position + length
            if end > len(data):
                raise _broken()
            self._fields[key >> 3].append(data[position:end])
            position = end

    def __contains__(self, field: int) -> bool:
        return field in self._fields

    def integer(self, field: int) -> int:
        """Return a signed 64-bit number; the last one counts if there are several, as for every field."""
        value = self._fields[field][-1] if field in self._fields else 0
        if not isinstance(value, int):
            raise _broken()
        return value - (1 << 64) if value >> 63 else value

    def boolean(self, field: int) -> bool:
        """Return a truth value."""
        return self.integer(field) != 0

    def data(self, field: int) -> bytes:
        """Return bytes."""
        value = self._fields[field][-1] if field in self._fields else b""
        if not isinstance(value, bytes):
            raise _broken()
        return value

    def text(self, field: int) -> str:
        """Return a text; what is no UTF-8 in it becomes U+FFFD."""
        return self.data(field).decode("utf-8", "replace")

    def message(self, field: int) -> "Message":
        """Return a message within this one."""
        return Message(self.data(field))

    def parts(self, field: int) -> list[bytes]:
        """Return the bytes of each value of a repeated field."""
        values = [value for value in self._fields.get(field, ()) if isinstance(value, bytes)]
        if len(values) != len(self._fields.get(field, ())):
            raise _broken()
        return values

    def number(self, field: int) -> float:
        """Return a 32-bit floating-point number."""
        return self.numbers(field)[-1] if field in self._fields else 0.0

    def numbers(self, field: int) -> tuple[float, ...]:
        """Return the 32-bit floating-point numbers of a repeated field, as the shortest decimals."""
        packed = b"".join(self.parts(field))
        if len(packed) % 4:
            raise _broken()
        return tuple(_shortest(data) for (data,) in struct.iter_unpack("<f", packed))

    def integers(self, field: int) -> list[int]:
        """Return the numbers of a repeated field, packed or one by one."""
        found = []
        for value in self._fields.get(field, ()):
            if isinstance(value, int):
                found.append(value)
                continue
            position = 0
            while position < len(value):
                number, position = _varint(value, position)
                found.append(number)
        return found


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """Return the number that starts at the position, at most 64 bits of it, and the position after it."""
    number = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise _broken()
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number & 0xFFFF_FFFF_FFFF_FFFF, position
    raise _broken()


def _shortest(number: float) -> float:
    """Return the shortest decimal that is the same 32-bit number: 0.9, not 0.8999999761581421."""
    if not _SMALLEST < abs(number) < _LARGEST:
        return number
    same = struct.pack("<f", number)
    decimals = (float(f"{number:.{digits}g}") for digits in range(6, 10))
    return next(decimal for decimal in decimals if struct.pack("<f", decimal) == same)


def _broken() -> DeckError:
    return DeckError("A part of the collection is damaged (no message that Anki would write)")
