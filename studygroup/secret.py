"""The secret key: from the environment, or made once and kept in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 40
# it stood in a Dockerfile of ours, for everybody to read
PUBLISHED = "only-while-building-not-for-serving-anything-0123456789"


def secret_key(given: str, path: Path, *, debug: bool) -> str:
    """The key from the environment when there is one (refused when weak and DEBUG is off), else the file's.

    Two processes that start together agree: the whole file appears at once, and the loser reads the winner's.
    """
    if given:
        if not debug and (
            len(given) < SHORTEST or len(set(given)) < 10 or given.startswith("django-insecure") or given == PUBLISHED
        ):
            raise ImproperlyConfigured(
                f"SECRET_KEY is too weak: give at least {SHORTEST} random characters, or leave it empty "
                f"and one is made in {path}."
            )
        return given
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(64))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was first; its key is the one
    finally:
        fresh.unlink()


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < SHORTEST:
        raise ImproperlyConfigured(f"{path} holds no usable key: delete it and start again.")
    return key
