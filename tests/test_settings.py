"""What the environment makes of the settings, asked of a fresh process each time."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from studygroup.secret import secret_key
from tests.translatable import ROOT

STRONG = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2


def manage(tmp_path, *words, **environment):
    clean = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DEBUG", "DATABASE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=clean | {"DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )


def test_the_production_environment_passes_djangos_deployment_check(tmp_path):
    done = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        HTTPS="1",
        SECRET_KEY=STRONG,
        SITE_URL="https://study.example.org",
    )
    assert (done.returncode, "no issues" in done.stdout + done.stderr) == (0, True), done.stderr


def test_debug_is_off_unless_asked_for(tmp_path):
    words = ["shell", "--no-imports", "-c", "from django.conf import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS[0])"]
    assert manage(tmp_path, *words, SITE_URL="https://study.example.org").stdout.split() == [
        "False",
        "study.example.org",
    ]


def test_a_weak_key_is_refused_in_words(tmp_path):
    done = manage(tmp_path, "check", SECRET_KEY="django-insecure-please-change-me-because-this-is-known-to-everybody")
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
