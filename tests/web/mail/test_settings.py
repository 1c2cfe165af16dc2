"""What is set for mail: tried at start and by ``kring mail``, and told in a sentence that holds no password."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kring_web.config.environment import SettingsError, read
from kring_web.config.values import Sender, Smtp, SmtpUrl
from tests.ports import free_port
from tests.web.mail.post_office import USER, post_office
from tests.web.serving import environment, served

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
FROM = "Kring <kring@kring.example>"


def kring(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kring_command", *arguments]
    return subprocess.run(command, env=environment(tmp_path, **more), capture_output=True, text=True, check=False)


QUOTED = "p%2Fw%20%231"


def url(port: int, password: str = QUOTED) -> str:
    return f"smtp://{USER}:{password}@127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("text", "smtp"),
    [
        ("smtp://mail.example.org", Smtp("mail.example.org", 587, "", "", "starttls")),
        ("smtp://me:se%40cret@mail.example.org:2587", Smtp("mail.example.org", 2587, "me", "se@cret", "starttls")),
        ("smtps://me:secret@mail.example.org", Smtp("mail.example.org", 465, "me", "secret", "tls")),
        ("smtp://localhost:25", Smtp("localhost", 25, "", "", "none")),
    ],
)
def test_a_mail_server_is_an_address(text: str, smtp: Smtp) -> None:
    assert SmtpUrl().parse(text) == smtp


@pytest.mark.parametrize(
    "text", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://me@mail.example.org", "smtp://a:b@c/d"]
)
def test_what_is_no_mail_server_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read({"KRING_DATA": "kring", "KRING_SMTP_URL": text, "KRING_MAIL_FROM": FROM})
    assert refused.value.problems[0].startswith("KRING_SMTP_URL: must ")
    assert text not in refused.value.problems[0]


@pytest.mark.parametrize(
    "text", ["Kring", "kring@localhost", "Kring <kring>", "a@b.example\nBcc: c@d.example", "é@b.example"]
)
def test_what_is_no_sender_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must look like Kring <kring@example\.org>\."):
        Sender().parse(text)


def test_mail_needs_a_sender() -> None:
    with pytest.raises(SettingsError, match="KRING_MAIL_FROM"):
        read({"KRING_DATA": "kring", "KRING_SMTP_URL": "smtp://mail.example.org"})


def test_one_mail_is_sent_to_see_that_it_arrives(tmp_path: Path) -> None:
    with post_office(password=True) as office:
        done = kring(
            tmp_path,
            "mail",
            "noor@example.org",
            "--language",
            "nl",
            KRING_SMTP_URL=url(office.port),
            KRING_MAIL_FROM=FROM,
        )
        assert done.returncode == 0, done.stderr
        (read_mail,) = office.read()
    assert read_mail["Subject"] == "E-mail van Kring komt aan"


@pytest.mark.parametrize(
    ("password", "address", "language", "said"),
    [
        ("wrong", "noor@example.org", "en", "refused it (535)"),
        ("p%2Fw%20%231", "noor", "en", "can't be sent to that address"),
        ("p%2Fw%20%231", "noor@example.org", "xx", "There are no mails in 'xx'"),
    ],
)
def test_what_keeps_it_from_being_sent_is_said(
    tmp_path: Path, password: str, address: str, language: str, said: str
) -> None:
    with post_office(password=True) as office:
        smtp = url(office.port, password)
        done = kring(tmp_path, "mail", address, "--language", language, KRING_SMTP_URL=smtp, KRING_MAIL_FROM=FROM)
        assert office.taken == []
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


SAID = "kring: KRING_SMTP_URL: set it, and KRING_MAIL_FROM, or no mail can go."


def test_without_a_mail_server_no_mail_can_be_tried(tmp_path: Path) -> None:
    done = kring(tmp_path, "mail", "noor@example.org")
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [SAID],
    )


def test_a_server_that_mail_does_not_let_in_does_not_start(tmp_path: Path) -> None:
    with post_office(password=True) as office:
        done = kring(
            tmp_path,
            "serve",
            "--port",
            str(free_port()),
            KRING_SMTP_URL=url(office.port, "wr0ng"),
            KRING_MAIL_FROM=FROM,
        )
    assert done.returncode == 2
    assert "KRING_SMTP_URL: 127.0.0.1 refuses the login (535)" in done.stderr
    assert "wr0ng" not in done.stderr


def test_a_mail_server_that_is_away_keeps_nobody_from_meeting(tmp_path: Path) -> None:
    with served(tmp_path, "serve", KRING_SMTP_URL=f"smtp://127.0.0.1:{free_port()}", KRING_MAIL_FROM=FROM):
        pass
