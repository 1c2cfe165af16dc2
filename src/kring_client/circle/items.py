"""What a circle keeps: each thing sealed with a key of its own, which the key of an epoch wraps.

So what is let go of is let go of alone, and a guest may have one thing's key and no other. The body is sealed as in a meeting
(``kring_client.sealing``, format 2), bound to circle, author, kind and id.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from kring_client import sealing
from kring_client.circle.port import CircleTrouble, StoredItem
from kring_client.encoding import SealBroken
from kring_client.keyring import Item, unwrap, wrap
from kring_client.keys import KEY_BYTES, LinkKeys

if TYPE_CHECKING:
    from kring_client.circle.reading import Reading

_FORMAT: Final = 2


def seal(reading: Reading, kind: str, name: str, fields: sealing.Filled) -> StoredItem:
    """A thing of mine, sealed for all who are in the circle now.

    Raises ``CircleTrouble``: ``unsettled`` where the key is not with exactly the members, and ``sealing.TooLong``.
    """
    me, circle = reading.me, reading.circle
    if not circle.settled:
        raise CircleTrouble("unsettled")
    epoch, key = circle.epoch.number, os.urandom(KEY_BYTES)
    body = sealing.seal(LinkKeys(key), sealing.Place(circle.id, me.id, kind, name), fields, _FORMAT)
    wrapped = wrap(key, reading.epoch_keys[epoch], Item(circle.id, epoch, kind, name))
    return StoredItem(kind, name, me.id, epoch, wrapped, body)


def unseal(reading: Reading, item: StoredItem) -> sealing.Fields:
    """What was sealed. Raises ``CircleTrouble``: ``no-key`` or ``item-broken``."""
    circle = reading.circle
    epoch_key = reading.epoch_keys.get(item.epoch)
    if epoch_key is None:
        raise CircleTrouble("no-key")
    try:
        key = unwrap(item.wrap, epoch_key, Item(circle.id, item.epoch, item.kind, item.id))
        return sealing.unseal(LinkKeys(key), sealing.Place(circle.id, item.by, item.kind, item.id), item.body)
    except SealBroken as error:
        raise CircleTrouble("item-broken") from error
