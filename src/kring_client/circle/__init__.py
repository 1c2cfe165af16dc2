"""A circle, as a member's client keeps it: nothing a server says is believed, and nothing it could read is sent to it.

``docs/keyring.md`` says what is kept and why; ``kring.circle`` who may do what. ``port``: what is asked of a server. ``link``: the
link of an invitation. ``reading``: the log, checked, and the keys in my boxes. ``boxing``: the boxes that an entry brings.
``items``: what a circle keeps. ``membership``: all that a member may do.
"""

from kring_client.circle.link import Link
from kring_client.circle.membership import Heard, Membership
from kring_client.circle.port import CircleTrouble, Moved, Server, Step, StoredItem
from kring_client.circle.reading import Identity, Reading

__all__ = [
    "CircleTrouble",
    "Heard",
    "Identity",
    "Link",
    "Membership",
    "Moved",
    "Reading",
    "Server",
    "Step",
    "StoredItem",
]
