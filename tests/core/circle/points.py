"""The points of small order on Curve25519 in both of its forms, reckoned from the curve's equation and not from a list."""

from __future__ import annotations

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group that keys are in."""
_D = -121665 * pow(121666, -1, PRIME) % PRIME
_ROOT = pow(2, (PRIME - 1) // 4, PRIME)
"""A square root of -1."""
Point = tuple[int, int]


def _added(one: Point, other: Point) -> Point:
    (x, y), (u, v) = one, other
    k = _D * x * u * y * v % PRIME
    return ((x * v + u * y) * pow(1 + k, -1, PRIME) % PRIME, (y * v + x * u) * pow(1 - k, -1, PRIME) % PRIME)


def _times(count: int, point: Point) -> Point:
    found: Point = (0, 1)
    while count:
        if count & 1:
            found = _added(found, point)
        point, count = _added(point, point), count >> 1
    return found


def _point(y: int) -> Point | None:
    """One with this y, if there is one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * _ROOT % PRIME
    return None if (x * x - square) % PRIME else (x, y)


def _small() -> set[Point]:
    """All eight: what stays of some points when the rest of them is taken away."""
    found: set[Point] = set()
    y = 2
    while len(found) < 8:
        point = _point(y)
        if point:
            found.add(_times(ORDER, point))
        y += 1
    return found


_SMALL = _small()
SMALL_TO_SIGN = {y for _, y in _SMALL}
"""As an Ed25519 key has them: y."""
SMALL_TO_SEAL = {(1 + y) * pow(1 - y, -1, PRIME) % PRIME for _, y in _SMALL if y != 1} | {PRIME - 1}
"""As an X25519 key has them: u; the last is on the twist."""
