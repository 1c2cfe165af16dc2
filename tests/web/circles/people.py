"""People with accounts and real keys, who keep circles on the web's own server by its JSON API."""

from __future__ import annotations

import base64
import functools
import itertools
from typing import TYPE_CHECKING, Any, ParamSpec

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from kring.circle import entries as e
from kring_client.circle import Membership, Moved, Step, StoredItem
from kring_room.cluster.clock import wall_clock
from kring_web.accounts import services as accounts
from tests.client.circle.keeper import Keeper, Town

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from kring_client.circle import Link
    from kring_web.accounts.models import User

P = ParamSpec("P")
_numbers = itertools.count()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def data(said: str) -> bytes:
    return base64.b64decode(said, validate=True)


def at_once(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that waits for nothing outside it, and so needs no event loop, in which Django would not ask its database."""

    @functools.wraps(test)
    def run(*args: P.args, **named: P.kwargs) -> None:
        with pytest.raises(StopIteration):
            test(*args, **named).send(None)

    return run


class Refused(Exception):
    """What the server said. ``code``, and the status before it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Web:
    """A ``Server`` for one account: a browser's session, as Django's client has it. ``None``: nobody is signed in."""

    def __init__(self, account: User | None = None) -> None:
        self.account = account
        self.client = Client(
            SERVER_NAME="kring.example",
            headers={"sec-fetch-site": "same-origin", "origin": "https://kring.example", "x-forwarded-proto": "https"},
        )
        if account is not None:
            self.client.force_login(account)

    @classmethod
    def new(cls) -> Web:
        """Somebody new."""
        return cls(accounts.register(f"somebody{next(_numbers)}@circles.example"))

    def get(self, path: str) -> Any:
        return self._answer(self.client.get(f"/api/{path}"))

    def post(self, path: str, **body: Any) -> Any:
        return self._answer(self.client.post(f"/api/{path}", body, content_type="application/json"))

    def visit(self, link: Link, *, at: int | None = None, seed: bytes | None = None) -> Any:
        key = Ed25519PrivateKey.from_private_bytes(seed or link.seed)
        at = wall_clock() if at is None else at
        assert self.account
        signed = f"kring/2 visit\n{link.circle}\n{self.account.pk}\n{at}".encode()
        public = text(key.public_key().public_bytes_raw())
        return self.post(f"circles/{link.circle}/visit", seed=public, at=at, signature=text(key.sign(signed)))

    async def found(self, step: Step) -> None:
        self.post("circles/found", **entry(step))

    async def log(self, circle: str, since: int) -> Sequence[Step]:
        return [step(one) for one in self.get(f"circles/{circle}/log/{since}")["entries"]]

    async def append(self, circle: str, step: Step) -> None:
        try:
            self.post(f"circles/{circle}/append", **entry(step))
        except Refused as refused:
            if refused.code == "log-moved":
                raise Moved from None
            raise

    async def consents(self, circle: str) -> Sequence[e.Consent]:
        waiting = self.get(f"circles/{circle}/consents")["consents"]
        return [e.Consent(data(one["body"]), data(one["signature"])) for one in waiting]

    async def consent(self, circle: str, consent: e.Consent) -> None:
        self.post(f"circles/{circle}/consent", body=text(consent.body), signature=text(consent.signature))

    async def items(self, circle: str, kind: str) -> Sequence[StoredItem]:
        kept = self.get(f"circles/{circle}/items/{kind}")["items"]
        return [
            StoredItem(one["kind"], one["id"], one["by"], one["epoch"], data(one["wrap"]), one["body"]) for one in kept
        ]

    async def keep(self, circle: str, item: StoredItem) -> None:
        kept = self.get(f"circles/{circle}/items/{item.kind}")["items"]
        version = next((one["version"] for one in kept if one["id"] == item.id), 0)
        self.post(f"circles/{circle}/item", **thing(item, version))

    @staticmethod
    def _answer(answer: Any) -> Any:
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.json()["code"])
        return answer.json()


def entry(step: Step) -> dict[str, Any]:
    boxes = [{"epoch": one.epoch, "member": one.member, "gen": one.gen, "box": text(one.sealed)} for one in step.boxes]
    return {"entry": text(step.signed.body), "signature": text(step.signed.signature), "boxes": boxes}


def thing(item: StoredItem, version: int = 0) -> dict[str, Any]:
    """What is sent to have an item kept. ``version``: of the one in whose place it comes."""
    said = {"kind": item.kind, "id": item.id, "epoch": item.epoch, "wrap": text(item.wrap), "body": item.body}
    return {**said, "version": version}


def step(said: dict[str, Any]) -> Step:
    boxes = tuple(e.Box(one["epoch"], one["member"], one["gen"], data(one["box"])) for one in said["boxes"])
    return Step(e.Signed(data(said["entry"]), data(said["signature"])), boxes)


class WebTown(Town):
    """A town whose people have accounts. ``webs``: everybody's session."""

    def __init__(self) -> None:
        super().__init__()
        self.webs: dict[str, Web] = {}
        self.clock.now = wall_clock()

    def server_of(self, name: str, link: Link | None = None) -> Web:
        web = self.webs[name] = Web.new()
        if link is not None:
            web.visit(link)
        return web


class Recorder(Keeper):
    """Keeps nothing, and remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    async def append(self, circle: str, step: Step) -> None:  # noqa: ARG002 -- a server's
        self.steps.append(step)
        raise Moved

    async def log(self, circle: str, since: int) -> list[Step]:  # noqa: ARG002 -- a server's
        return []


async def prepared(who: Membership, act: Callable[[], Awaitable[object]]) -> Step:
    """What somebody would send."""
    recorder, web = Recorder(), who._server
    if who.circle.member(who.reading.identity.member):
        recorder.waiting[who.circle.id] = list(await web.consents(who.circle.id))
    who._server = recorder
    try:
        await act()
    except Moved:
        pass
    finally:
        who._server = web
    return recorder.steps[0]
