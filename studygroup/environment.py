"""What the environment says, for settings.py: words, switches, numbers, and which database. Knows no setting."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str = "") -> str:
    """What the environment says; an empty value says nothing."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    value = env(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def env_zone(name: str, default: str) -> str:
    """Return the name of a time zone that this machine knows."""
    value = env(name, default)
    try:
        return ZoneInfo(value).key
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:  # OSError: a folder of zones, such as "America"
        raise ImproperlyConfigured(f"{name} must be a time zone such as Asia/Seoul, not {value!r}.") from error


def database(url: str, *, folder: Path) -> dict:
    """postgres://user:password@host:port/name -> Django's dictionary; empty -> SQLite in `folder`."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "studygroup.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://, or be empty for SQLite.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }
