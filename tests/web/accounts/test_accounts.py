"""Accounts: one an address, opaque, and nothing of it where it has no business."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, router, transaction

from kring_web.accounts import services
from kring_web.accounts.models import User, canonical
from kring_web.config.databases import OWN


@pytest.fixture(autouse=True)
def _nobody_else() -> None:
    User.objects.all().delete()


def test_the_account_is_ours_and_in_djangos_own_database() -> None:
    assert get_user_model() is User
    assert router.db_for_write(User) == OWN


def test_an_account_has_an_address_and_no_user_name() -> None:
    noor = services.register("noor@example.org", language="nl", time_zone="Europe/Amsterdam")
    fields = {field.name for field in User._meta.get_fields()}
    assert fields == {"id", "email", "language", "time_zone", "joined_at", "password", "last_login"}
    assert (noor.email, noor.language, noor.time_zone) == ("noor@example.org", "nl", "Europe/Amsterdam")
    assert User.objects.get() == noor


def test_an_id_tells_nothing_and_comes_once() -> None:
    found = {services.register(f"somebody{number}@example.org").id for number in range(20)}
    assert len(found) == 20
    assert all(len(one) == 20 and one.isalnum() and one == one.lower() for one in found)


@pytest.mark.parametrize(
    "again", ["noor@example.org", "Noor@Example.ORG", " noor@example.org ", "NOOR@EXAMPLE.ORG", "noor@EXAMPLE.org\n"]
)
def test_an_address_has_one_account_however_it_is_written(again: str) -> None:
    noor = services.register("noor@example.org")
    with pytest.raises(services.AddressTakenError):
        services.register(again)
    assert services.find(again) == noor
    assert User.objects.get_by_natural_key(again) == noor
    assert User.objects.count() == 1


def test_an_address_outside_of_ascii_has_one_account_too() -> None:
    assert canonical("José@Example.org") == canonical("JOSÉ@example.ORG")
    with pytest.raises(ValidationError):
        services.register("josé@example.org")  # until mail to such addresses is possible everywhere


def test_the_database_itself_keeps_an_address_to_one_account() -> None:
    services.register("noor@example.org")
    other = User(email="other@example.org", joined_at=1)
    other.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(id=other.id).update(email="NOOR@example.org")  # past `save`


def test_two_who_register_the_same_address_at_once_make_one_account() -> None:
    began, outcomes = threading.Barrier(4), []

    def register() -> None:
        began.wait()
        try:
            outcomes.append(services.register("noor@example.org").id)
        except services.AddressTakenError:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("taken") == 3
    assert User.objects.get().id in outcomes


@pytest.mark.parametrize(
    ("email", "more", "code"),
    [
        ("noor", {}, "invalid"),
        ("", {}, "blank"),
        ("noor@example.org", {"language": "xx"}, "unknown-language"),
        ("noor@example.org", {"time_zone": "Mars/Olympus"}, "unknown-time-zone"),
        ("noor@example.org", {"time_zone": "../../etc/passwd"}, "unknown-time-zone"),
    ],
)
def test_what_makes_no_account_is_refused(email: str, more: dict[str, str], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.register(email, **more)
    assert code in {one.code for each in refused.value.error_dict.values() for one in each}
    assert User.objects.count() == 0


def test_nobody_signs_in_by_a_password_that_was_never_set() -> None:
    noor = services.register("noor@example.org")
    assert not noor.has_usable_password()
    for password in ("", None, "!", noor.password):
        assert authenticate(username="noor@example.org", password=password) is None


def test_an_account_in_a_log_is_its_id() -> None:
    noor = services.register("noor@example.org")
    assert "noor" not in f"{noor} {noor!r}"
    assert noor.id in f"{noor!r}"
