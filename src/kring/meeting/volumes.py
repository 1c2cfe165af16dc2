"""Contributions of long ago, bound tightly: columns rather than rows, and ids as the numbers that they are.

A contribution takes some 14 bytes: 10 or 11 for an id as browsers make it (77 bits of chance), 2 or 3 for its time, 1 for
all else that it has in common with others. An id of another form takes what it needs: hexadecimal half its length, small
letters and digits two thirds; anything else is kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise

import msgspec

from kring.meeting.item import Item
from kring.meeting.record import Record

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAIRS = tuple(one + other for one in _DIGITS for other in _DIGITS)
_HEX, _LETTERS, _TEXT = 16, len(_DIGITS), 0
"""In which base an id is a number; none: it is kept as text."""
_NUMBERS = re.compile(r"(?P<hex>[0-9a-f]+)|[0-9a-z]+", re.ASCII)
_WIDTHS = (1, 2, 3, 4, 5)
"""Bytes for the milliseconds since the contribution before; which, is chosen for a volume."""
_EXTRA = 9
"""Bytes of a time that does not fit."""


class Form(Record, frozen=True):
    """What ids are like that are packed alike: ``length`` characters in ``base`` after ``prefix``."""

    base: int
    length: int
    prefix: str = ""

    def pack(self, content: str) -> bytes:
        """An id of this form as bytes, all of one size."""
        if self.base == _TEXT:
            return content.encode()
        rest = content[len(self.prefix) :]
        return int(rest or "0", self.base).to_bytes(self.size, "big")

    def unpack(self, packed: bytes) -> str:
        """The id again."""
        if self.base == _TEXT:
            return packed.decode()
        return self.prefix + _written(int.from_bytes(packed, "big"), self.base, self.length)

    @property
    def size(self) -> int:
        """Bytes of one id."""
        return self.length if self.base == _TEXT else _bytes_for(self.base, self.length)


Kind = tuple[int, int, int, int, int, int | None]
"""What contributions have in common: places of seat, kind, phase and its id among the names; the round; the form's place."""


class _Columns(Record, frozen=True):
    """``which``: of each contribution the place of its kind, half a byte if there are few.

    ``times``: milliseconds since the one before in ``width`` bytes; all ones: it stands in ``far``.
    """

    at: int
    forms: tuple[Form, ...]
    kinds: tuple[Kind, ...]
    which: bytes
    width: int
    times: bytes
    far: tuple[int, ...]
    ids: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Columns)
Names = tuple[str, ...]
"""Seats, kinds and phases of a meeting: what is put away holds their places."""


class Volume(Record, frozen=True):
    """At most 256 contributions from number ``first`` on, as bytes."""

    first: int
    body: bytes

    @classmethod
    def of(cls, items: Sequence[Item], known: Names) -> tuple[Volume, Names]:
        """These, bound, and the names with those that are new."""
        looks = [None if one.content is None else _look(one.content) for one in items]
        forms = _forms(items, looks)
        order = {look: at for at, look in enumerate(forms)}
        place = {name: at for at, name in enumerate(known)}
        kinds: dict[Kind, int] = {}
        which, ids = [], bytearray()
        for one, look in zip(items, looks, strict=True):
            seat = place.setdefault(one.seat, len(place))
            what = place.setdefault(one.what, len(place))
            phase = place.setdefault(one.phase, len(place))
            method = place.setdefault(one.id, len(place))
            form = None if look is None else order[look]
            which.append(kinds.setdefault((seat, what, phase, method, one.round, form), len(kinds)))
            if look is not None and one.content is not None:
                ids += forms[look].pack(one.content)
        at = [one.at for one in items]
        width, times, far = _apart([later - earlier for earlier, later in pairwise([at[0], *at])])
        short = _short(which, len(kinds))
        columns = _Columns(at[0], tuple(forms.values()), tuple(kinds), short, width, times, far, bytes(ids))
        names = known if len(known) == len(place) else tuple(place)
        # The encoder's bytes have room to grow; a copy has none.
        return cls(items[0].n, bytes(memoryview(_encoder.encode(columns)))), names

    def read(self, names: Names) -> Iterator[Item]:
        """The contributions again."""
        return _read(self.first, _decoder.decode(self.body), names)

    def naming(self, wanted: AbstractSet[str], names: Names) -> Iterator[Item]:
        """All of them if one may be of a kind or phase that is ``wanted``, else none."""
        columns = _decoder.decode(self.body)
        some = any(names[what] in wanted or names[phase] in wanted for _, what, phase, *_ in columns.kinds)
        return _read(self.first, columns, names) if some else iter(())

    def holds(self, content: str, names: Names) -> bool:
        """Whether a contribution in here has this id."""
        columns, look = _decoder.decode(self.body), _look(content)
        likely = (
            form.pack(content) in columns.ids
            for form in columns.forms
            if look == (form.base, len(form.prefix) + form.length) and content.startswith(form.prefix)
        )
        return any(likely) and any(one.content == content for one in _read(self.first, columns, names))


def _read(first: int, columns: _Columns, names: Names) -> Iterator[Item]:
    forms, kinds, ids = columns.forms, columns.kinds, columns.ids
    at, begin, sizes = columns.at, 0, [form.size for form in columns.forms]
    apart = _times(columns.width, columns.times, columns.far)
    for n, (which, later) in enumerate(zip(_long(columns.which, len(kinds)), apart, strict=False), first):
        seat, what, phase, method, number, form = kinds[which]
        content = None
        if form is not None:
            end = begin + sizes[form]
            content, begin = forms[form].unpack(ids[begin:end]), end
        at += later
        yield Item(n, names[seat], names[what], names[phase], names[method], number, at, content)


_FEW = 16


def _short(which: Sequence[int], kinds: int) -> bytes:
    if kinds > _FEW:
        return bytes(which)
    return bytes.fromhex("".join([_DIGITS[one] for one in which]) + "0" * (len(which) % 2))


def _long(which: bytes, kinds: int) -> Iterable[int]:
    """The places again, and perhaps one too many."""
    return which if kinds > _FEW else map(_DIGITS.index, which.hex())


_Look = tuple[int, int]
"""In which base an id is a number, and its length: characters, or bytes of text."""


def _look(content: str) -> _Look:
    found = _NUMBERS.fullmatch(content)
    if found is None:
        return _TEXT, len(content.encode())
    return (_HEX if found["hex"] else _LETTERS), len(content)


def _forms(items: Iterable[Item], looks: Iterable[_Look | None]) -> dict[_Look, Form]:
    """The forms of ids that look alike: what all of them begin with is kept once."""
    alike: dict[_Look, list[str]] = {}
    for one, look in zip(items, looks, strict=True):
        if look is not None and one.content is not None:
            alike.setdefault(look, []).append(one.content)
    forms = {}
    for (base, length), contents in alike.items():
        prefix = "" if base == _TEXT else _common(min(contents), max(contents))
        forms[base, length] = Form(base, length - len(prefix), prefix)
    return forms


def _common(first: str, last: str) -> str:
    """What both begin with, and so whatever is between them in order."""
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:same]


@lru_cache(maxsize=256)
def _bytes_for(base: int, length: int) -> int:
    most: int = base**length - 1
    return (most.bit_length() + 7) // 8


def _written(number: int, base: int, length: int) -> str:
    if base == _HEX:
        return f"{number:0{length}x}" if length else ""
    pairs = []
    for _ in range((length + 1) // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))[len(pairs) * 2 - length :]


def _apart(times: Sequence[int]) -> tuple[int, bytes, tuple[int, ...]]:
    """``width``, ``times`` and ``far``, so that they take least."""

    def cost(width: int) -> int:
        return width * len(times) + _EXTRA * sum(not 0 <= time < _none(width) for time in times)

    width = min(_WIDTHS, key=cost)
    none = _none(width)
    near = [time if 0 <= time < none else none for time in times]
    far = tuple(time for time in times if not 0 <= time < none)
    return width, b"".join([time.to_bytes(width, "big") for time in near]), far


def _times(width: int, times: bytes, far: Iterable[int]) -> Iterator[int]:
    none, rest = _none(width), iter(far)
    for begin in range(0, len(times), width):
        time = int.from_bytes(times[begin : begin + width], "big")
        yield next(rest) if time == none else time


def _none(width: int) -> int:
    """What stands where a time does not fit."""
    return (1 << 8 * width) - 1
