"""What the environment makes of the settings, asked of a fresh process each time."""

import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from studygroup.secret import PUBLISHED, secret_key
from tests import prepared
from tests.stack import STRONG, clean_environment, compose_file
from tests.translatable import ROOT


def manage(tmp_path, *words, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=clean_environment(**{"DATA_DIR": str(tmp_path)} | environment),
        capture_output=True,
        text=True,
    )


def test_the_environment_of_compose_passes_djangos_deployment_check(tmp_path):
    given = {
        "SECRET_KEY": STRONG,
        "POSTGRES_PASSWORD": "x",
        "REDIS_PASSWORD": "x",
        "SITE_URL": "https://study.example.org",
    }
    environment = compose_file(given)["services"]["web"]["environment"] | {"DATA_DIR": str(tmp_path)}
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert (done.returncode, "no issues" in done.stdout + done.stderr) == (0, True), done.stderr


def test_behind_tls_cookies_bear_the_host_and_pages_ask_for_https(tmp_path):
    asked = "from django.test import Client; r = Client().get('/accounts/login/', headers={'X-Forwarded-Proto': '%s'});"
    tell = "print(r.status_code, *sorted(r.cookies), r.headers.get('Strict-Transport-Security', '')[:16])"
    environment = {"HTTPS": "1", "SECRET_KEY": STRONG, "SITE_URL": "https://study.example.org", "DEBUG": "0"}
    prepared.sqlite(tmp_path)
    prepared.built_files()
    said = [
        manage(tmp_path, "shell", "--no-imports", "-c", "from django.conf import settings;"
               "settings.ALLOWED_HOSTS.append('testserver');" + asked % scheme + tell, **environment).stdout.split()
        for scheme in ("https", "http")
    ]  # fmt: skip
    assert said == [["200", "__Host-csrf", "max-age=31536000"], ["301"]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_what_speaks_for_other_hosts_is_sent_only_when_asked_for(tmp_path, asked, said):
    words = (
        "from django.test import Client; from django.conf import settings as s; s.ALLOWED_HOSTS.append('testserver');"
    )
    words += "r = Client().get('/manifest.webmanifest', headers={'X-Forwarded-Proto': 'https'});"
    words += "print(r.headers['Strict-Transport-Security'])"
    environment = {"HTTPS": "1", "SECRET_KEY": STRONG, "SITE_URL": "https://study.example.org", "DEBUG": "0"}
    assert manage(tmp_path, "shell", "--no-imports", "-c", words, **environment, **asked).stdout.strip() == said


def test_every_cookie_bears_the_host_behind_tls(tmp_path):
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME LANGUAGE_COOKIE_NAME THEME_COOKIE_NAME MESSAGE_COOKIE_NAME"
    words = f"from django.conf import settings as s; print(*[getattr(s, name) for name in '{names}'.split()])"
    environment = {"HTTPS": "1", "SECRET_KEY": STRONG, "SITE_URL": "https://study.example.org", "DEBUG": "0"}
    said = manage(tmp_path, "shell", "--no-imports", "-c", words, **environment).stdout.split()
    assert len(said) == 5 and all(name.startswith("__Host-") for name in said)


@pytest.mark.parametrize("broker", ["", "redis://redis:6379/0"])
def test_limits_are_counted_in_the_database_whatever_the_broker(tmp_path, broker):
    words = "from django.conf import settings as s; print(s.CACHES['default']['BACKEND'])"
    said = manage(tmp_path, "shell", "--no-imports", "-c", words, CELERY_BROKER_URL=broker).stdout.strip()
    assert said == "members.cache.JsonCache"


def test_nobody_else_on_the_machine_looks_into_the_data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    manage(folder, "check")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_used_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = manage(tmp_path / "file", "check")
    assert (done.returncode, done.stderr) == (
        1,
        f"DATA_DIR cannot be used: {tmp_path / 'file' / 'incoming'}: Not a directory.\n",
    )


@pytest.mark.parametrize(
    ("given", "hosts"),
    [("", ["study.example.org"]), ("a.example, b.example", ["a.example", "b.example"])],
)
def test_debug_is_off_unless_asked_for_and_hosts_are_those_named_and_this_machine(tmp_path, given, hosts):
    words = ["shell", "--no-imports", "-c", "from django.conf import settings as s; print(s.DEBUG, *s.ALLOWED_HOSTS)"]
    said = manage(tmp_path, *words, SITE_URL="https://study.example.org", ALLOWED_HOSTS=given).stdout.split()
    assert said == ["False", *hosts, "localhost", "127.0.0.1", "[::1]"]


def test_what_is_set_to_nothing_has_its_default(tmp_path):
    names = "EMAIL_PORT EMAIL_USE_TLS EMAIL_USE_SSL UPLOAD_LIMIT_MB DEFAULT_MEMBER_TIME_ZONE"
    words = [
        "shell",
        "--no-imports",
        "-c",
        f"from django.conf import settings as s; print(*[getattr(s, n) for n in '{names}'.split()])",
    ]
    empty = dict.fromkeys(("EMAIL_PORT", "EMAIL_TLS", "EMAIL_SSL", "UPLOAD_LIMIT_MB", "TIME_ZONE"), "")
    assert manage(tmp_path, *words, EMAIL_USER="me", **empty).stdout.split() == [
        "587",
        "True",
        "False",
        "50",
        "Asia/Seoul",
    ]


@pytest.mark.parametrize(
    "key",
    [
        "django-insecure-please-change-me-because-this-is-known-to-everybody",
        PUBLISHED,
        "short but 0therwise fine",
        "a" * 64,
    ],
)
def test_a_weak_key_is_refused_in_words(tmp_path, key):
    done = manage(tmp_path, "check", SECRET_KEY=key)
    assert done.returncode != 0
    assert "SECRET_KEY is too weak" in done.stderr


def test_another_database_than_postgresql_is_refused_in_words(tmp_path):
    done = manage(tmp_path, "check", DATABASE_URL="mysql://localhost/x")
    assert "DATABASE_URL must start with postgresql://" in done.stderr


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "secret_key"
    key = secret_key("", path, debug=False)
    assert len(key) > 60
    assert secret_key("", path, debug=False) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.glob("secret*")] == ["secret_key"]


def test_an_emptied_key_file_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="no usable key"):
        secret_key("", tmp_path / "secret_key", debug=False)
