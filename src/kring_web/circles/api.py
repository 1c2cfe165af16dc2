"""The JSON API about circles and keyrings. Everybody is signed in; who may do what in a circle, its log says."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest

from kring_web.accounts.services import Account, signed_in
from kring_web.circles import shapes as s
from kring_web.circles.services import items as things
from kring_web.circles.services import keyrings, logs
from kring_web.web import quotas
from kring_web.web.json_api import Problem, get, post

MAX_BODY = 512 * 1024
"""Bytes of an entry with its boxes."""


def account_of(request: HttpRequest) -> Account:
    """Who is signed in. Raises ``Problem`` (``sign-in``)."""
    account = signed_in(request)
    if account is None:
        raise Problem("sign-in")
    return account


def _changing(request: HttpRequest) -> Account:
    """The same, and one more change of theirs. Raises ``Problem`` (``sign-in``, ``too-many``)."""
    account = account_of(request)
    quotas.CHANGES.charge(request, account.pk)
    return account


_STEP = msgspec.json.Decoder(s.Step)
_VISITING = msgspec.json.Decoder(s.Visiting)
_CONSENT = msgspec.json.Decoder(s.OneConsent)
_WITHDRAWN = msgspec.json.Decoder(s.Withdrawn)
_ITEM = msgspec.json.Decoder(s.OneItem)
_WHICH = msgspec.json.Decoder(s.Which)
_NEW_LOCK = msgspec.json.Decoder(s.NewLock)
_UNLOCK = msgspec.json.Decoder(s.Unlock)
_KEEP = msgspec.json.Decoder(s.Keep)
_RENEWAL = msgspec.json.Decoder(s.Renewal)
_RESTORING = msgspec.json.Decoder(s.Restoring)
_THINGS = ("item-moved", "epoch-moved", "not-yours")
"""Why a sealed thing is not kept."""


@get("sign-in")
def circles(request: HttpRequest) -> s.Circles:
    """The circles that I am in, or asked to join."""
    return logs.circles_of(account_of(request))


@post(_STEP, "sign-in", "entry-refused", "circle-full", "too-many", *_THINGS, status=201, max_bytes=MAX_BODY)
def found(request: HttpRequest, new: s.Step) -> s.Appended:
    """Found a circle: the first entry of its log, and what it says of itself."""
    account = account_of(request)
    quotas.FOUNDINGS.charge(request)
    return logs.found(account, new)


@get("sign-in", "no-circle")
def log(request: HttpRequest, circle: str, since: int) -> s.Log:
    """The log of a circle from entry ``since`` on, at most 200 entries: for members, who asked, and who visits by a link."""
    return logs.log(account_of(request), circle, since)


@post(
    _STEP,
    "sign-in",
    "too-many",
    "no-circle",
    "log-moved",
    "entry-refused",
    "circle-full",
    *_THINGS,
    status=201,
    max_bytes=MAX_BODY,
)
def append(request: HttpRequest, new: s.Step, circle: str) -> s.Appended:
    """Append an entry of mine, with its boxes and the sealed things that change with it: all of it, or nothing."""
    return logs.append(_changing(request), circle, new)


@post(_VISITING, "sign-in", "no-circle", "too-many")
def visit(request: HttpRequest, shown: s.Visiting, circle: str) -> s.Until:
    """Show that I have an invitation's link: I may read the log for an hour, and append that I ask to join."""
    account = account_of(request)
    quotas.VISITS.charge(request)
    return logs.visit(account, circle, shown)


@get("sign-in", "no-circle", "not-a-member")
def consents(request: HttpRequest, circle: str) -> s.Consents:
    """The consents that wait."""
    return logs.consents(account_of(request), circle)


@post(_CONSENT, "sign-in", "too-many", "no-circle", "not-a-member", "circle-full", max_bytes=MAX_BODY)
def consent(request: HttpRequest, new: s.OneConsent, circle: str) -> s.Done:
    """Consent to something, for an entry to carry."""
    return logs.consent(_changing(request), circle, new)


@post(_WITHDRAWN, "sign-in", "too-many", "no-circle", "not-a-member", max_bytes=MAX_BODY)
def withdraw(request: HttpRequest, old: s.Withdrawn, circle: str) -> s.Done:
    """Take back a consent of mine."""
    return logs.withdraw(_changing(request), circle, old.body)


@get("sign-in", "no-circle", "not-a-member")
def items(request: HttpRequest, circle: str, kind: str) -> s.Items:
    """What the circle keeps of a kind, sealed; of the kind ``invitation``, for whoever has its link, too."""
    return things.items(account_of(request), circle, kind)


@post(_ITEM, "sign-in", "too-many", "no-circle", "not-a-member", "circle-full", *_THINGS, max_bytes=MAX_BODY)
def item(request: HttpRequest, new: s.OneItem, circle: str) -> s.Version:
    """Keep a sealed thing, in the place of its version of before; or, without its body, the same under another key."""
    return things.put(_changing(request), circle, new)


@post(_WHICH, "sign-in", "too-many", "no-circle", "not-a-member", "not-yours")
def forget(request: HttpRequest, which: s.Which, circle: str) -> s.Done:
    """Delete a sealed thing of mine, and its key with it; anybody's, where I take care of the circle."""
    return things.forget(_changing(request), circle, which)


@get("sign-in")
def keyring(request: HttpRequest) -> s.Keyring:
    """My keyring: the locks that hold its master key."""
    return keyrings.keyring(account_of(request))


@post(_NEW_LOCK, "sign-in", "too-many", "keyring-moved", "wrong-key", "circle-full")
def lock(request: HttpRequest, new: s.NewLock) -> s.Keyring:
    """Put a lock into my keyring; the first one makes it."""
    return keyrings.add(_changing(request), new)


@post(_UNLOCK, "sign-in", "too-many", "keyring-moved", "last-lock", "wrong-key")
def unlock(request: HttpRequest, which: s.Unlock) -> s.Keyring:
    """Take a lock out of my keyring: at once by my own signature, else in seven days."""
    return keyrings.remove(_changing(request), which)


@post(_KEEP, "sign-in", "too-many")
def keep(request: HttpRequest, which: s.Keep) -> s.Keyring:
    """Keep a lock that was to go."""
    return keyrings.keep(_changing(request), which.lock)


@post(_RENEWAL, "sign-in", "too-many", "keyring-moved", "wrong-key", max_bytes=MAX_BODY)
def renew(request: HttpRequest, new: s.Renewal) -> s.Keyring:
    """Another master key, with all its locks at once."""
    return keyrings.renew(_changing(request), new)


@post(_RESTORING, "sign-in", "too-many", "keyring-moved", "wrong-key")
def restore(request: HttpRequest, which: s.Restoring) -> s.Keyring:
    """Put back my keyring of before, within seven days after somebody began anew without the signature of its key."""
    return keyrings.restore(_changing(request), which)
