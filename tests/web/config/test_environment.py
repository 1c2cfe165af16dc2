"""The settings: each wrong value is told with the variable's name and what to do."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from kring_web.config.environment import SETTINGS, SettingsError, read
from kring_web.config.reference import with_tables
from kring_web.config.secret_key import close_to_others, prepare_folder, secret_key

DOCUMENT = Path(__file__).parents[3] / "docs" / "settings.md"


def test_nothing_set_is_a_server_on_this_machine(tmp_path: Path) -> None:
    found = read({"XDG_DATA_HOME": str(tmp_path)})
    assert (found.host, found.port, found.public_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert (found.content_days, found.practice, found.log_level) == (30, False, "info")
    assert (found.log_format, found.max_meetings, found.metrics_token) == ("line", 0, None)
    assert found.data == tmp_path / "kring"
    assert found.database == tmp_path / "kring" / "kring.sqlite3"
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert not found.secure


def test_everything_set_is_taken(tmp_path: Path) -> None:
    found = read({
        "KRING_DATA": str(tmp_path), "KRING_SECRET_KEY": "s" * 32, "KRING_HOST": "::", "KRING_PORT": "443",
        "KRING_PUBLIC_URL": "https://Kring.example/", "KRING_ALLOWED_HOSTS": "a.example, b.example",
        "KRING_CONTENT_DAYS": "1", "KRING_PRACTICE": "ON", "KRING_LOG_LEVEL": "Warning", "KRING_LOG_FORMAT": "JSON",
        "KRING_MAX_MEETINGS": "7", "KRING_METRICS_TOKEN": "t" * 32,
    })  # fmt: skip
    assert (found.host, found.port, found.public_url) == ("::", 443, "https://kring.example")
    assert found.hosts[:3] == ("kring.example", "a.example", "b.example")
    assert (found.content_days, found.practice, found.log_level, found.secure) == (1, True, "warning", True)
    assert (found.log_format, found.max_meetings, found.metrics_token) == ("json", 7, "t" * 32)
    assert found.local_url == "http://[::1]:443"


def test_two_variables_make_a_node_of_many() -> None:
    alone = read({})
    assert (alone.store, alone.redis_url) == (alone.database, None)
    database, redis = "postgresql://kring:secret@db.example/kring?sslmode=require", "rediss://redis.example:6380/2"
    node = read({"KRING_DATABASE_URL": database, "KRING_REDIS_URL": redis, "KRING_SECRET_KEY": "s" * 32})
    assert (node.store, node.redis_url) == (database, redis)
    with pytest.raises(SettingsError, match="KRING_SECRET_KEY: set it, the same for all nodes"):
        read({"KRING_DATABASE_URL": database, "KRING_REDIS_URL": redis})


def test_password_in_an_address_is_never_repeated() -> None:
    with pytest.raises(SettingsError) as wrong:
        read({"KRING_DATABASE_URL": "postgres//kring:hunter2@db.example", "KRING_REDIS_URL": "hunter2"})
    assert "hunter2" not in str(wrong.value)


def test_a_program_on_this_machine_reaches_the_server_whatever_its_address() -> None:
    assert read({"KRING_HOST": "0.0.0" + ".0"}).local_url == "http://127.0.0.1:8000"
    assert read({"KRING_HOST": "localhost", "KRING_PORT": "81"}).local_url == "http://127.0.0.1:81"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KRING_PORT", "eighty", "whole number from 1 to 65535"),
        ("KRING_PORT", "0", "whole number"),
        ("KRING_PORT", "65536", "whole number"),
        ("KRING_PORT", "٣", "whole number"),
        ("KRING_PORT", "-1", "whole number"),
        ("KRING_DATABASE_URL", "mysql://db.example/kring", "must look like postgresql://"),
        ("KRING_DATABASE_URL", "postgresql:///kring", "must look like postgresql://"),
        ("KRING_DATABASE_URL", "postgresql://db.example:port/kring", "must look like postgresql://"),
        ("KRING_DATABASE_URL", "postgresql://db.example/", "names no database"),
        ("KRING_REDIS_URL", "redis.example", "must look like redis://"),
        ("KRING_REDIS_URL", "redis://redis.example/first", "number of a database"),
        ("KRING_REDIS_URL", "redis://redis.example/0", "needs KRING_DATABASE_URL too"),
        ("KRING_CONTENT_DAYS", "3651", "from 1 to 3650"),
        ("KRING_CONTENT_DAYS", "1.5", "whole number"),
        ("KRING_HOST", "kring.example", "address such as 127.0.0.1"),
        ("KRING_PUBLIC_URL", "kring.example", "must look like https://"),
        ("KRING_PUBLIC_URL", "ftp://kring.example", "must look like https://"),
        ("KRING_PUBLIC_URL", "http://kring.example", "browsers only encrypt on secure pages"),
        ("KRING_PUBLIC_URL", "https://kring.example/sub", "without a path"),
        ("KRING_PUBLIC_URL", "https://kring.example:port", "must look like https://"),
        ("KRING_PUBLIC_URL", "https://me:pw@kring.example", "scheme and a host only"),
        ("KRING_SECRET_KEY", "short", "at least 32"),
        ("KRING_PRACTICE", "yes", "on or off"),
        ("KRING_LOG_LEVEL", "loud", "one of debug, info"),
        ("KRING_LOG_FORMAT", "xml", "one of line, json"),
        ("KRING_MAX_MEETINGS", "-1", "from 0 to 1000000"),
        ("KRING_MAX_MEETINGS", "many", "whole number"),
        ("KRING_METRICS_TOKEN", "short", "at least 32"),
        ("KRING_ALLOWED_HOSTS", "a.example,*.b.example", "name the hosts"),
        ("KRING_PUBLIC_URL", "https://*", "must look like https://"),
        ("KRING_PUBLIC_URL", "https://[::1", "must look like https://"),
        ("KRING_DATA", "~nobody-of-this-name/kring", "write the whole path"),
        ("KRING_DATA", __file__, "name a folder"),
    ],
)
def test_a_wrong_value_is_told_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({name: value})
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{name}: ")
    assert says in caught.value.problems[0]


def test_all_wrong_values_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read({"KRING_PORT": "x", "KRING_PRACTICE": "x"})
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["KRING_PORT", "KRING_PRACTICE"]


class Talkative:
    """A kind that repeats what it was given, as one that is written in a hurry might."""

    takes = "nothing"

    def parse(self, text: str) -> str:
        raise ValueError(f"must not be {text}.")


@pytest.mark.parametrize("field", [field for field, one in SETTINGS.items() if one.secret])
def test_a_secret_is_not_repeated_in_its_own_error(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = SETTINGS[field]
    for kind in (one.kind, Talkative()):
        monkeypatch.setitem(SETTINGS, field, dataclasses.replace(one, kind=kind))
        with pytest.raises(SettingsError) as caught:
            read({one.name: "canary-secret"})
        assert one.name in str(caught.value)
        assert "canary" not in str(caught.value)


def test_every_setting_that_may_hold_a_password_or_a_key_is_secret() -> None:
    telling = re.compile(r"SECRET|TOKEN|PASSWORD|KEY")
    found = {one.name for one in SETTINGS.values() if telling.search(f"{one.name} {one.kind.takes}")}
    assert found
    assert {one.name for one in SETTINGS.values() if not one.secret} & found == set()


def test_http_is_enough_for_this_machine() -> None:
    for url in ("http://localhost:9", "http://127.0.0.1:9", "http://[::1]:9", "http://kring.localhost"):
        assert read({"KRING_PUBLIC_URL": url}).public_url == url


def test_a_name_that_is_almost_ours_is_said() -> None:
    assert read({"KRING_PROT": "1"}).remarks == ("KRING_PROT is not a setting of Kring. Did you mean KRING_PORT?",)
    assert read({"PORT": "1"}).remarks == ()


def test_https_without_a_proxy_is_remarked_on() -> None:
    (remark,) = read({"KRING_PUBLIC_URL": "https://kring.example", "KRING_PROXIES": "0"}).remarks
    assert remark.startswith("KRING_PROXIES: 0, though KRING_PUBLIC_URL is https")
    assert read({"KRING_PUBLIC_URL": "https://kring.example"}).remarks == ()
    assert read({"KRING_PROXIES": "0"}).remarks == ()


def test_the_tables_of_the_document_are_those_of_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_tables(text) == text, "run: make generate"
    for one in SETTINGS.values():
        assert text.count(f"| `{one.name}` | ") == 1


def test_a_document_without_its_tables_gets_them() -> None:
    emptied = "before\n<!-- made from the code: settings -->\nold\n<!-- end -->\nafter\n"
    made = with_tables(emptied)
    assert made.startswith("before\n")
    assert made.endswith("<!-- end -->\nafter\n")
    assert "\nold\n" not in made
    assert "| `KRING_METRICS_TOKEN` | at least 32 characters (secret) | none | The bearer token for /metrics" in made


def test_a_setting_is_described_once_and_whole() -> None:
    default: Any
    for field, one in SETTINGS.items():
        assert one.name == f"KRING_{field.upper()}"
        assert one.purpose.endswith(".")
        assert one.kind.takes
        assert one.default_text not in ("", "None"), one.name
        default = one.default({"port": 8000}, {"XDG_DATA_HOME": "/nowhere"})
        if isinstance(default, str | int) and not isinstance(default, bool) and field not in ("public_url", "proxies"):
            assert one.default_text == str(default)
            assert one.kind.parse(str(default)) == default


def test_every_setting_of_the_document_is_read() -> None:
    names = [one.name for one in SETTINGS.values()]
    wrong = {name: "\0" for name in names if name not in ("KRING_DATA", "KRING_ERASURES", "KRING_ALLOWED_HOSTS")}
    with pytest.raises(SettingsError) as caught:
        read(wrong)
    assert {problem.split(":")[0] for problem in caught.value.problems} == set(wrong)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    found = read({"KRING_DATA": str(tmp_path / "new" / "folder")})
    assert secret_key(found) != secret_key(found)
    prepare_folder(found)
    first = secret_key(found)
    prepare_folder(found)
    assert secret_key(found) == first
    assert len(first) >= 32
    assert (found.data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert found.data.stat().st_mode & 0o777 == 0o700


def test_a_secret_in_the_environment_is_not_written_down(tmp_path: Path) -> None:
    found = read({"KRING_DATA": str(tmp_path), "KRING_SECRET_KEY": "s" * 40})
    prepare_folder(found)
    assert secret_key(found) == "s" * 40
    assert [path.name for path in tmp_path.iterdir()] == ["erasures"]


@pytest.mark.parametrize("raw", [b"cut", b"", b"\xff" * 64, "geheim é".encode() + b"a" * 40, b"a" * 40 + b"\x80"])
def test_a_damaged_secret_is_told(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "secret-key").write_bytes(raw)
    with pytest.raises(SettingsError, match="is damaged"):
        secret_key(read({"KRING_DATA": str(tmp_path)}))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_secret_that_others_can_read_is_closed_and_said(
    tmp_path: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    found = read({"KRING_DATA": str(tmp_path)})
    prepare_folder(found)
    close_to_others(found)
    assert caplog.text == ""
    key = secret_key(found)
    (tmp_path / "secret-key").chmod(mode)

    close_to_others(found)

    assert "secret key was readable by others" in caplog.text
    assert key not in caplog.text
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert secret_key(found) == key


def test_a_secret_that_cannot_be_closed_to_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read({"KRING_DATA": str(tmp_path)})
    prepare_folder(found)
    (tmp_path / "secret-key").chmod(0o644)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(SettingsError, match=r"others can read .*chmod 600"):
        close_to_others(found)


def test_a_user_without_a_home_is_told_to_name_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(SettingsError, match="KRING_DATA: this user has no home folder; name a folder"):
        read({})
    assert read({"KRING_DATA": str(tmp_path)}).data == tmp_path


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"KRING_DATA: cannot write in .*file.below"):
        prepare_folder(read({"KRING_DATA": str(tmp_path / "file" / "below")}))
