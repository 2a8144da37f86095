"""The environment of processes that run the product by themselves."""

import os

# what a test's own settings and ours would lend to the processes, and must not
OURS = (
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "SECRET_KEY",
    "SITE_URL",
    "DATA_DIR",
)


def clean_environment(**more: str) -> dict[str, str]:
    """Nobody outside is asked about a paper."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | {"LOOK_UP": "0"} | more
