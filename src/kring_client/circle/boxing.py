"""The boxes that an entry brings: a new epoch's key for all who will be members, or earlier ones for whoever comes late."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kring.circle import entries as e
from kring.circle.state import Member
from kring_client.circle.port import CircleTrouble
from kring_client.keyring import box_for, hash_of
from kring_client.keys import KEY_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kring.circle import Circle
    from kring.circle.state import Applicant
    from kring_client.circle.reading import Reading

Made = tuple[e.Boxes, tuple[e.Box, ...]]
"""What an entry says of its boxes, and they themselves."""


def first(founder: Member) -> Made:
    """The first epoch, for who founds a circle."""
    key = os.urandom(KEY_BYTES)
    boxes = (box_for(founder, None, 1, key),)
    return e.Boxes(e.boxes_hash(boxes), hash_of(key, None)), boxes


def opening(circle: Circle, members: Iterable[Member]) -> tuple[str, tuple[e.Box, ...]]:
    """A new epoch for these: the hash of its key, and the boxes."""
    key, number = os.urandom(KEY_BYTES), circle.epoch.number + 1
    return hash_of(key, circle), tuple(box_for(one, circle, number, key) for one in members)


def earlier(reading: Reading, also: Iterable[int], late: Member) -> tuple[e.Box, ...]:
    """Earlier epochs, for whoever comes late. Raises ``CircleTrouble`` (``no-key``) for one whose key I haven't."""
    circle, keys = reading.circle, reading.epoch_keys
    boxes = []
    for epoch in also:
        if epoch not in keys:
            raise CircleTrouble("no-key")
        boxes.append(box_for(late, circle, epoch, keys[epoch]))
    return tuple(boxes)


def rekeyed(reading: Reading, *, without: str = "") -> Made:
    """A new epoch for the members of now, or for those who stay."""
    circle = reading.circle
    key, boxes = opening(circle, (one for one in circle.members if one.id != without))
    return e.Boxes(e.boxes_hash(boxes), key), boxes


def admitted(reading: Reading, applicant: Applicant, also: tuple[int, ...]) -> Made:
    """For whoever is let in: a new epoch for all, or these earlier ones and the one under way."""
    circle = reading.circle
    late = Member(applicant.id, applicant.keys, applicant.rules)
    if also:
        boxes = earlier(reading, also, late)
        return e.Boxes(e.boxes_hash(boxes), "", also), boxes
    key, boxes = opening(circle, (*circle.members, late))
    return e.Boxes(e.boxes_hash(boxes), key), boxes


def readmitted(reading: Reading, member: Member, keys: e.Keys) -> Made:
    """For a member with new keys: the epochs that they had, and a new one for all."""
    circle = reading.circle
    again = replace(member, keys=keys, gen=member.gen + 1)
    had = circle.epochs_of(member.id)
    key, opened = opening(circle, (again if one.id == again.id else one for one in circle.members))
    boxes = (*earlier(reading, had, again), *opened)
    return e.Boxes(e.boxes_hash(boxes), key, had), boxes
