"""The outbox, from what is asked for to what a mail program reads, through a real SMTP server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from kring_web.config.values import Smtp, SmtpUrl
from kring_web.jobs import services as jobs
from kring_web.jobs.models import DONE, WAITING, Job
from kring_web.mail import delivery, services
from kring_web.mail.composing import ComposeError
from kring_web.mail.models import EXPIRED, QUEUED, REFUSED, SENDING, SENT, UNKNOWN, Mail
from kring_web.mail.services import MailKind
from tests.ports import free_port
from tests.web.mail.post_office import PASSWORD, USER, PostOffice, post_office

FIELDS = {"address": "https://kring.example"}


@pytest.fixture(scope="module")
def _office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def office(_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    _office.taken, _office.at_rcpt, _office.at_data, _office.break_off = [], "250 OK", "250 OK", False
    use(monkeypatch, _office.port)
    return _office


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "_kinds", dict(services._kinds))
    yield
    Mail.objects.all().delete()
    Job.objects.all().delete()


def use(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    smtp = Smtp("127.0.0.1", port, "", "", "none")
    known = dataclasses.replace(settings.KRING, smtp_url=smtp, mail_from="Kring <kring@kring.example>")
    monkeypatch.setattr(settings, "KRING", known)


def queue(to: str = "noor@example.org", language: str = "nl", **options: Any) -> str:
    return services.queue("test", to, language, FIELDS, **options)


def run_due(ahead: int = 0) -> int:
    return jobs.run_due("node", lambda: services._now() + ahead)


def state(mail: str) -> str:
    return Mail.objects.get(id=mail).state


def test_a_mail_arrives_as_text_and_as_html_in_its_language(office: PostOffice) -> None:
    mail = queue()
    run_due()
    (read,) = office.read()
    (envelope,) = office.taken
    assert envelope.mail_from == "kring@kring.example"
    assert envelope.rcpt_tos == ["noor@example.org"]
    assert read["From"] == "Kring <kring@kring.example>"
    assert read["To"] == "noor@example.org"
    assert read["Message-ID"] == f"<{mail}@kring.example>"
    assert read["Subject"] == "E-mail van Kring komt aan"
    assert read["Content-Language"] == "nl"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime.tzinfo
    assert read.get_content_type() == "multipart/alternative"
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text
    assert html
    assert "https://kring.example" in text.get_content()
    assert '<html lang="nl">' in html.get_content()
    assert state(mail) == SENT


@pytest.mark.parametrize("language", ["nl", "en", "de", "fr"])
def test_every_language_has_a_mail_of_its_own(office: PostOffice, language: str) -> None:
    queue(language=language)
    run_due()
    (read,) = office.read()
    text = read.get_body(("plain",))
    assert text
    english = "You need not do anything" in text.get_content()
    assert english == (language == "en")


def test_a_field_is_text_and_never_html_of_its_own(office: PostOffice) -> None:
    services.queue("test", "noor@example.org", "en", {"address": "<b>Zoë's</b> & co"})
    run_due()
    (read,) = office.read()
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text
    assert html
    assert "<b>Zoë's</b> & co" in text.get_content()
    assert "<b>" not in html.get_content()


@pytest.mark.parametrize(
    "value", ["two\nlines", "tab\there", "a" * 201, "https://kring.example/m/abc#k=secret", "right\u202eleft"]
)
def test_what_could_be_content_or_a_key_does_not_fit(office: PostOffice, value: str) -> None:
    with pytest.raises(ComposeError) as refused:
        services.queue("test", "noor@example.org", "en", {"address": value})
    assert value not in str(refused.value)
    assert not Mail.objects.exists()
    assert not Job.objects.exists()
    assert office.taken == []


@pytest.mark.parametrize("fields", [{}, {"address": "x", "case": "y"}, {"case": "y"}])
def test_a_mail_has_the_fields_of_its_kind_and_no_others(office: PostOffice, fields: dict[str, str]) -> None:  # noqa: ARG001 -- it is on
    with pytest.raises(ComposeError):
        services.queue("test", "noor@example.org", "en", fields)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "noor",
        "noor@",
        "a@b.org, c@d.org",
        "a@b.org\nBcc: c@d.org",
        "noor@example.org\r\nSubject: x",
        "Noor <a@b.org>",
        "nöor@b.org",
        '"a\x0bb"@b.org',
        '"a\x01b"@b.org',
        '"a\x7fb"@b.org',
    ],
)
def test_a_mail_goes_to_one_plain_address(office: PostOffice, address: str) -> None:  # noqa: ARG001 -- it is on
    with pytest.raises(ComposeError):
        queue(address)
    assert not Mail.objects.exists()


def test_a_domain_with_an_accent_is_one(office: PostOffice) -> None:
    queue("noor@bücher.example")
    run_due()
    assert office.taken[0].rcpt_tos == ["noor@xn--bcher-kva.example"]


def test_one_key_is_one_mail(office: PostOffice) -> None:
    first, again = queue(key="reminder"), queue(key="reminder")
    run_due()
    third = queue(key="reminder")
    run_due()
    assert first == again == third
    assert len(office.taken) == 1


def test_a_mail_goes_with_the_transaction_that_it_tells_of(office: PostOffice) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    run_due()
    assert office.taken == []


def test_what_has_gone_is_not_kept(office: PostOffice) -> None:  # noqa: ARG001 -- it takes the mail
    mail = queue()
    assert b"kring.example" in bytes(Mail.objects.get(id=mail).message)
    run_due()
    assert bytes(Mail.objects.get(id=mail).message) == b""


def test_a_mail_that_cannot_go_now_goes_later_and_once(office: PostOffice) -> None:
    office.at_rcpt = "451 come again"
    mail = queue()
    run_due()
    assert state(mail) == QUEUED
    assert Job.objects.get().state == WAITING
    office.at_rcpt = "250 OK"
    run_due(jobs.BACKOFF_MS[0])
    assert state(mail) == SENT
    assert len(office.taken) == 1


def test_a_mail_that_is_refused_is_not_tried_again(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    office.at_rcpt = "550 no noor@example.org here"
    mail = queue()
    run_due()
    assert state(mail) == REFUSED
    assert Job.objects.get().state == DONE
    ours = [record for record in caplog.records if record.name.startswith("kring_")]
    assert [record.__dict__["reason"] for record in ours] == ["550"]
    assert not [record for record in ours if "noor" in str(record.__dict__)]


@pytest.mark.parametrize(("answer", "becomes"), [("452 full", QUEUED), ("554 spam", REFUSED)])
def test_what_is_said_after_the_text_counts_too(office: PostOffice, answer: str, becomes: str) -> None:
    office.at_data = answer
    mail = queue()
    run_due()
    assert state(mail) == becomes


def test_a_line_that_breaks_after_the_text_is_not_repeated(office: PostOffice) -> None:
    office.break_off = True
    mail = queue()
    run_due()
    run_due(jobs.BACKOFF_MS[0])
    assert state(mail) == UNKNOWN
    assert len(office.taken) == 1


def test_a_kind_that_is_rather_sent_twice_is_repeated_with_the_same_message_id(office: PostOffice) -> None:
    services._kinds["test"] = MailKind("test", frozenset(FIELDS), repeat=True)
    mail = queue()
    office.break_off = True
    run_due()
    assert state(mail) == SENDING
    office.break_off = False
    run_due(jobs.BACKOFF_MS[0])
    assert state(mail) == SENT
    assert len({str(read["Message-ID"]) for read in office.read()}) == 1
    assert len(office.taken) == 2


def test_after_a_kill_between_the_note_and_the_mail_nothing_goes_twice(office: PostOffice) -> None:
    mail = queue()
    (job,) = jobs.claim("killed", now=services._now())
    services._take(job.subject)  # here it is killed
    run_due(jobs.LEASE_MS)
    assert state(mail) == UNKNOWN
    assert office.taken == []


def test_a_mail_that_is_of_no_use_any_more_does_not_go(office: PostOffice) -> None:
    mail = queue(keep=-1)
    run_due()
    assert state(mail) == EXPIRED
    assert office.taken == []


def test_while_jobs_are_held_no_mail_goes(office: PostOffice) -> None:
    jobs.hold("restored", now=services._now())
    queue()
    run_due()
    assert office.taken == []
    jobs.release()
    run_due()
    assert len(office.taken) == 1


def test_a_server_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, free_port())
    mail = queue()
    run_due()
    assert state(mail) == QUEUED
    assert Job.objects.get().state == WAITING


def test_without_a_mail_server_nothing_is_queued() -> None:
    assert not services.is_on()
    with pytest.raises(services.MailOffError) as refused:
        queue()
    assert refused.value.code == "mail-off"
    assert not Mail.objects.exists()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the loopback needs none
def test_a_user_with_odd_characters_signs_in_and_a_wrong_password_does_not() -> None:
    with post_office(password=True) as office:
        right = SmtpUrl().parse(f"smtp://{USER}:p%2Fw%20%231@127.0.0.1:{office.port}")
        assert right.password == PASSWORD
        delivery.check_login(right)
        delivery.deliver(right, "kring@kring.example", "noor@example.org", b"Subject: x\r\n\r\nx\r\n")
        assert len(office.taken) == 1
        with pytest.raises(delivery.RefusedError) as refused:
            delivery.check_login(dataclasses.replace(right, password="wrong"))
        assert refused.value.code == "535"
        with pytest.raises(delivery.NotSentError):
            delivery.check_login(
                dataclasses.replace(right, security="starttls")
            )  # it offers none: nothing goes in clear


def test_two_kinds_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="another kind"):
        services.register(MailKind("test", frozenset()))


def test_what_was_long_ago_is_forgotten(office: PostOffice) -> None:  # noqa: ARG001 -- it takes the mail
    old, new = queue(), queue()
    run_due()
    Mail.objects.filter(id=old).update(queued_at=0)
    services.delete_old()
    assert [mail.id for mail in Mail.objects.all()] == [new]
