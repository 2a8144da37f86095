#!/usr/bin/env python3
# ruff: noqa: UP031, UP036 — an older Python must be able to read as far as the sentence that refuses it
"""The one command of the project. Needs only Python: what is missing is installed into .venv first."""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed; this is %d.%d. Try: python3.11 manage.py up" % sys.version_info[:2])

from studygroup.bootstrap import prepare


def main(words):
    prepare(__file__, tests=words[:1] == ["test"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studygroup.settings")
    if words[:1] == ["up"]:
        os.environ.setdefault("DEBUG", "1")  # `up` is for a laptop; nothing else switches it on
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        sys.exit(str(mistake))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
