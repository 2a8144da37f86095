"""What goes into the log, and how: lines of words, an event as a line of JSON, and in neither an address that is a key."""

import logging

from studygroup.secret_addresses import hide_secrets


class WithoutSecrets(logging.Formatter):
    """Take keys out of messages and tracebacks, whoever wrote them."""

    def format(self, record):
        return hide_secrets(super().format(record))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": WithoutSecrets, "format": "%(levelname)s %(name)s: %(message)s"},
        "json": {"format": "%(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        # beside the others, not on stdout: a backup may be written there
        "events": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "audit": {"handlers": ["events"], "propagate": False},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "fontTools": {"level": "ERROR"},
        "pypdf": {"level": "ERROR"},
    },
}
