"""A wrapped key is of one thing, in one epoch of one circle."""

from __future__ import annotations

import pytest

from kring_client.encoding import SealBroken
from kring_client.keyring import Item, new_master, unwrap, wrap

MEETING = Item("circle", 3, "meeting", "abc")


def test_a_wrap_gives_back_the_key() -> None:
    key, epoch = new_master(), new_master()
    wrapped = wrap(key, epoch, MEETING)
    assert len(wrapped) == 61
    assert unwrap(wrapped, epoch, MEETING) == key
    assert wrap(key, epoch, MEETING) != wrapped


@pytest.mark.parametrize(
    "other",
    [{"circle": "another"}, {"epoch": 2}, {"kind": "action"}, {"id": "abd"}, {"kind": "meetinga", "id": "bc"}],
    ids=str,
)
def test_it_opens_nowhere_else(other: dict[str, str]) -> None:
    key, epoch = new_master(), new_master()
    wrapped = wrap(key, epoch, MEETING)
    with pytest.raises(SealBroken):
        unwrap(wrapped, epoch, MEETING._replace(**other))  # type: ignore[arg-type]  # a field of any of them


def test_what_was_changed_cut_or_is_of_an_unknown_format_does_not_open() -> None:
    key, epoch = new_master(), new_master()
    wrapped = wrap(key, epoch, MEETING)
    odd = [wrapped[:-1], wrapped + b"0", b"", bytes((2,)) + wrapped[1:]]
    odd += [wrapped[:at] + bytes((wrapped[at] ^ 1,)) + wrapped[at + 1 :] for at in range(1, len(wrapped))]
    for one in odd:
        with pytest.raises(SealBroken):
            unwrap(one, epoch, MEETING)
    with pytest.raises(SealBroken):
        unwrap(wrapped, new_master(), MEETING)
