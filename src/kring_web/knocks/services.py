"""Join codes and knocks in the database: the rules are ``kring.meeting.knocking``'s, and one row decides for all nodes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from kring.meeting import knocking
from kring_web.knocks.models import JoinCode, Knock
from kring_web.meetings import services as meetings
from kring_web.web.ids import new_id
from kring_web.web.json_api import Problem

Message = dict[str, str]
Said = list[tuple[knocking.Side, Message]]
_ID: Final = 16
_SECRET_BYTES: Final = 32
_KEPT_MS: Final = 10 * 60 * 1000
"""Milliseconds for which a knock is kept when it is over, so that both sides hear of it."""
_TRIES: Final = 20
_SECOND: Final = 1000
_messages: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)


class Code(msgspec.Struct):
    """A join code, and for how many seconds it leads to the door. Empty: there is none now."""

    code: str
    left: int


class Knocked(msgspec.Struct):
    """A knock, and what shows that somebody is who knocked."""

    knock: str
    secret: str


class Waiting(msgspec.Struct):
    """A knock as those inside see it, and what the newcomer began with. ``left``: seconds until it is dropped."""

    knock: str
    left: int
    message: Message


class Door(msgspec.Struct):
    """What is to be seen at the door from inside: the code that leads there, empty where there is none, and who knocks."""

    code: str
    knocks: list[Waiting]


class Heard(msgspec.Struct):
    """What the other side said since, and whether it is over. ``next``: what to ask on from."""

    messages: list[Message]
    next: int
    over: bool


def show_code(meeting: str) -> Code:
    """The meeting's code: the one that lives, or a new one. Raises ``Problem("doors-closed")``."""
    now = meetings.now()
    until = knocking.code_until(doors_open=meetings.doors_open(meeting), now=now)
    if isinstance(until, str):
        raise Problem(until)
    _sweep(now)
    for _ in range(_TRIES):
        code = f"{secrets.randbelow(10**knocking.DIGITS):0{knocking.DIGITS}}"
        try:
            found, _ = JoinCode.objects.get_or_create(meeting=meeting, defaults={"code": code, "until": until})
        except IntegrityError:  # another meeting's
            continue
        return Code(found.code, max(0, found.until - now) // _SECOND)
    raise Problem("too-many")


def stop_code(meeting: str) -> Code:
    """From now on no code leads to this meeting, and whoever waits for an answer hears that there is none."""
    with transaction.atomic():
        JoinCode.objects.filter(meeting=meeting).delete()
        for row in Knock.objects.select_for_update().filter(meeting=meeting, until__gt=meetings.now()):
            _keep(row, knocking.stopped(_rules(row)))
    return Code("", 0)


def knock(code: str, message: Message) -> Knocked:
    """Knock where this code leads. Raises ``Problem``: the same where there is no such code and where its doors are closed."""
    now = meetings.now()
    found = JoinCode.objects.filter(code=code).first()
    if found is None:
        raise Problem("wrong-code")
    if not knocking.leads_in(found.until, doors_open=meetings.doors_open(found.meeting), now=now):
        found.delete()  # so that it leads nowhere either when the doors are opened again
        raise Problem("wrong-code")
    _sweep(now)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        # Whoever knocks at the same door waits here, so that three are three.
        if JoinCode.objects.select_for_update().filter(code=code, meeting=found.meeting).first() is None:
            raise Problem("wrong-code")
        others = tuple(_rules(one) for one in Knock.objects.filter(meeting=found.meeting, until__gt=now))
        made = knocking.new_knock(others, now)
        if isinstance(made, str):
            raise Problem(made)
        row = Knock(
            id=new_id(_ID), meeting=found.meeting, secret=_hash(secret), messages=_text([("newcomer", message)])
        )
        _keep(row, made, force_insert=True)
    return Knocked(row.id, secret)


def door(meeting: str) -> Door:
    """The code, which somebody else inside may have stopped, and the knocks without an answer."""
    now = meetings.now()
    code = JoinCode.objects.filter(meeting=meeting, until__gt=now).values_list("code", flat=True).first() or ""
    rows = Knock.objects.filter(meeting=meeting, until__gt=now).order_by("until")
    waiting = [
        Waiting(row.id, (row.until - now) // _SECOND, _read(row)[0][1])
        for row in rows
        if knocking.waits(_rules(row), now)
    ]
    return Door(code, waiting)


def as_newcomer(knock: str, secret: str, since: int, message: Message | None) -> Heard:
    """What whoever knocked says, and hears. Raises ``Problem``: of a knock that is not theirs, as of one that is gone."""
    with transaction.atomic():
        row = _row(knock, message)
        if row is None or not hmac.compare_digest(bytes(row.secret), _hash(secret)):
            raise Problem("knock-over")
        return _say(row, "newcomer", "", since, message)


def as_fellow(meeting: str, knock: str, device: str, since: int, message: Message | None) -> Heard:
    """What a device inside says, and hears. Raises ``Problem``; nobody answers once the doors are closed."""
    if message is not None and message["what"] == "answer" and not meetings.doors_open(meeting):
        raise Problem("doors-closed")
    with transaction.atomic():
        row = _row(knock, message)
        if row is None or row.meeting != meeting:
            raise Problem("knock-over")
        if row.fellow not in ("", device):
            raise Problem("knock-taken")
        return _say(row, "fellow", device, since, message)


def _say(row: Knock, side: knocking.Side, device: str, since: int, message: Message | None) -> Heard:
    now = meetings.now()
    said = _read(row)
    # Whoever asks again because an answer was lost said it already.
    if message is not None and (side, message) not in said:
        after = knocking.say(_rules(row), side, message["what"], now, device=device)
        if isinstance(after, str):
            raise Problem(after)
        said.append((side, message))
        row.messages = _text(said)
        _keep(row, after)
    heard = [one for by, one in said[since:] if by != side]
    return Heard(heard, len(said), over=not knocking.is_live(_rules(row), now))


def _row(knock: str, message: Message | None) -> Knock | None:
    """A knock: for whoever says something it waits until others have said theirs."""
    rows = Knock.objects.all() if message is None else Knock.objects.select_for_update()
    return rows.filter(id=knock).first()


def _rules(row: Knock) -> knocking.Knock:
    return knocking.Knock(row.until, row.said, row.fellow, row.over)


def _keep(row: Knock, knock: knocking.Knock, *, force_insert: bool = False) -> None:
    row.until, row.said, row.fellow, row.over = knock.until, knock.said, knock.fellow, knock.over
    row.save(force_insert=force_insert)


def delete_old() -> int:
    """Nothing is kept of what is over, also where nobody knocks or shows a code any more; how many."""
    return _sweep(meetings.now())


def _sweep(now: int) -> int:
    codes, _ = JoinCode.objects.filter(until__lte=now).delete()
    knocks, _ = Knock.objects.filter(until__lte=now - _KEPT_MS).delete()
    return codes + knocks


def _read(row: Knock) -> Said:
    return _messages.decode(row.messages)


def _text(said: Said) -> str:
    return msgspec.json.encode(said).decode()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
