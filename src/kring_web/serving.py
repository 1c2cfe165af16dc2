"""The whole server in one process on one port: the pages and the API by Django, the live room beside them.

``run`` first checks what can be wrong, so that a mistake gives one clear sentence and no traceback.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kring_room.cluster.clock import shared_clock
from kring_room.server.capacity import Bounds
from kring_room.server.serving import serve
from kring_room.settings import RoomSettings
from kring_room.store.port import StoreError
from kring_web.config.data_lock import only_server
from kring_web.config.environment import Environment
from kring_web.config.file_descriptors import raise_limit
from kring_web.config.secret_key import close_to_others, prepare_folder
from kring_web.config.translations import compile_catalogues, is_stale

if sys.platform != "win32":
    import uvloop

if TYPE_CHECKING:
    from django.core.handlers.asgi import ASGIHandler

logger = logging.getLogger(__name__)
FINGERPRINT = ".fingerprint"


class CannotServeError(Exception):
    """Why the server doesn't start, in a sentence for whoever started it."""


def run(environment: Environment, *, ready: Callable[[str], None]) -> None:
    """Serve until asked to stop (Ctrl+C, SIGTERM). ``ready`` is called with the public address when people may come."""
    prepare_folder(environment)
    check_port(environment)
    with only_server(environment):
        _work(environment, ready)


def _work(environment: Environment, ready: Callable[[str], None]) -> None:
    application = prepare(environment)
    check_mail(environment)
    from kring_web.feed.services import Follower  # noqa: PLC0415 -- loads with the settings
    from kring_web.jobs.services import Loop  # noqa: PLC0415 -- loads with the settings
    from kring_web.practice.colleagues import COLLEAGUES  # noqa: PLC0415 -- loads with the settings

    jobs = Loop(secrets.token_hex(8), shared_clock(environment.store))
    jobs.start()
    follower = Follower()
    follower.start()
    try:
        _run(_serve(environment, application, ready))
    except OSError as error:
        raise CannotServeError(_port_error(environment, error)) from None
    except StoreError as error:
        raise CannotServeError(_database_error(environment, error)) from None
    finally:
        follower.stop()
        jobs.stop()
        COLLEAGUES.stop()


def _run(serving: Coroutine[None, None, None]) -> None:
    """On uvloop, where there is one."""
    if sys.platform == "win32":
        asyncio.run(serving)
    else:
        uvloop.run(serving)


async def _serve(environment: Environment, application: ASGIHandler, ready: Callable[[str], None]) -> None:
    from django.conf import settings  # noqa: PLC0415 -- needs the environment

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Where a loop takes no handlers (Windows), Ctrl+C ends it as an exception.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await serve(
        host=environment.host,
        port=environment.port,
        database=environment.store,
        fanout=environment.redis_url,
        secret=settings.KRING_TICKET_SECRET,
        asgi_app=application,
        settings=room_settings(environment),
        ready=lambda _port: ready(environment.public_url),
        stop=stop,
        create_tables=False,
        bounds=Bounds(rooms=environment.max_meetings, connections=raise_limit()),
        metrics_token=environment.metrics_token,
        ledger=environment.ledger,
    )


def room_settings(environment: Environment) -> RoomSettings:
    """What the room takes from the environment. Our pages come by one scheme; programs on this machine name its own address."""
    return RoomSettings(
        content_days=environment.content_days,
        origins=(environment.public_url, environment.local_url),
        schemes=("https",) if environment.secure else ("http",),
        hosts=environment.hosts,
    )


def set_up() -> None:
    """Load Django with the settings that the environment makes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kring_web.config.settings")
    import django  # noqa: PLC0415 -- must not load before the environment is known

    django.setup()


def prepare(environment: Environment) -> ASGIHandler:
    """Set up settings, translations, tables and static files; the result is Django as an ASGI application."""
    set_up()
    close_to_others(environment)
    _compile_translations()
    _make_tables(environment)
    collect_static_files(environment.data / "static")
    from kring_web.config.asgi import application  # noqa: PLC0415 -- the static files must be there when it loads

    return application


def check_port(environment: Environment) -> None:
    """Raise ``CannotServeError`` when nobody could listen there."""
    family = socket.AF_INET6 if ":" in environment.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # As the server will: a port that was left a moment ago may be taken again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.host, environment.port))
        except OSError as error:
            raise CannotServeError(_port_error(environment, error)) from None


def check_mail(environment: Environment) -> None:
    """Raise ``CannotServeError`` if the mail server refuses the login; log it if there is no answer."""
    if environment.smtp_url is None:
        return
    from kring_web.mail import delivery  # noqa: PLC0415 -- loads with the settings

    try:
        delivery.check_login(environment.smtp_url)
    except delivery.RefusedError as error:
        raise CannotServeError(
            f"KRING_SMTP_URL: {environment.smtp_url.host} refuses the login ({error.code}). Check user and password."
        ) from None
    except delivery.NotSentError as error:
        logger.warning("mail server does not answer", extra={"reason": error.code})


def collect_static_files(target: Path) -> None:
    """Copy, hash and compress the static files into ``target``, unless that was done with these very files."""
    from django.core.management import call_command  # noqa: PLC0415 -- loads with the settings

    fingerprint = _fingerprint()
    kept = target / FINGERPRINT
    if kept.is_file() and kept.read_text(encoding="ascii") == fingerprint:
        return
    target.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    kept.write_text(fingerprint, encoding="ascii")


def _fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415 -- loads with the settings

    found = {name: Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])}
    digest = hashlib.sha256()
    for name, path in sorted(found.items()):
        digest.update(f"{name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _make_tables(environment: Environment) -> None:
    from kring_web.config.migrating import UnusableError, make_tables  # noqa: PLC0415 -- loads with the settings

    try:
        make_tables()
    except UnusableError as error:
        raise CannotServeError(_database_error(environment, error.__cause__ or error, error.alias)) from None


def _database_error(environment: Environment, error: BaseException, alias: str = "rooms") -> str:
    if environment.database_url is None:
        file = environment.database if alias == "rooms" else environment.web_database
        return f"The database {file} cannot be used: {error}."
    # Not in the server's words: those may hold what stands in the address.
    where = urlsplit(environment.database_url)
    return (
        f"KRING_DATABASE_URL: the database at {where.hostname} cannot be used ({type(error).__name__}). See that PostgreSQL "
        "runs there, that the database exists, and that user and password are right."
    )


def _compile_translations() -> None:
    if not is_stale():
        return
    # A checkout that nobody built, or edited since; a wheel carries the compiled ones.
    with contextlib.suppress(ImportError, OSError):
        compile_catalogues()
        return
    # Pages speak English then; `make build` compiles them.
    logger.warning("translations not compiled")


def _port_error(environment: Environment, error: OSError) -> str:
    where = f"{environment.host} port {environment.port}"
    if error.errno == errno.EADDRINUSE:
        return f"KRING_PORT: {where} is in use. Stop what runs there, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"KRING_PORT: not allowed to listen on {where}. Choose a port above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"KRING_HOST: {environment.host} is no address of this machine. Use 127.0.0.1 or 0.0.0.0."
    return f"Cannot listen on {where}: {error.strerror}."
