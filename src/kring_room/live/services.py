"""What all rooms of a process share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from kring_room.cluster.nodes import Nodes
    from kring_room.live.alarms import Alarms
    from kring_room.settings import RoomSettings
    from kring_room.store.port import Store


class Services(msgspec.Struct, frozen=True):
    """Where a room writes and reads, what time it is (milliseconds since the epoch), the other nodes, and who wakes it."""

    store: Store
    settings: RoomSettings
    clock: Callable[[], int]
    nodes: Nodes
    alarms: Alarms
