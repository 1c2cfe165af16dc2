"""The keyring of a person: one master key, the locks that hold it, the keys that follow from it, and the boxes that they open.

``docs/keyring.md`` says what it is for, and ``kring.circle`` who belongs to a circle with which of these keys.

``locks``: the master key under a passphrase, a recovery code, a passkey or a device. ``recovery``: the code to write down.
``former``: the master keys of before. ``member``: the keys of a member of one circle. ``boxes``: the key of an epoch, sealed to
each member. ``wraps``: the keys of what a circle keeps, under that of an epoch.
"""

from kring_client.keyring.boxes import box_for, hash_of, open_box
from kring_client.keyring.former import open_former, seal_former
from kring_client.keyring.locks import Lock, LockBroken, lock, unlock
from kring_client.keyring.member import MemberKeys, invitation_key, new_master, owner_key, seed_key, verify
from kring_client.keyring.recovery import new_code, read_code, spelled
from kring_client.keyring.wraps import Item, unwrap, wrap

__all__ = [
    "Item",
    "Lock",
    "LockBroken",
    "MemberKeys",
    "box_for",
    "hash_of",
    "invitation_key",
    "lock",
    "new_code",
    "new_master",
    "open_box",
    "open_former",
    "owner_key",
    "read_code",
    "seal_former",
    "seed_key",
    "spelled",
    "unlock",
    "unwrap",
    "verify",
    "wrap",
]
