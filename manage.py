#!/usr/bin/env python3
# ruff: noqa: UP031, UP036 — an older Python must be able to read as far as the sentence that refuses it
"""The one command of the project. Needs only Python: what is missing is installed into .venv first."""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed; this is %d.%d. Try: python3.11 manage.py up" % sys.version_info[:2])

from studygroup.bootstrap import prepare

if __name__ == "__main__":
    prepare(__file__, tests=sys.argv[1:2] == ["test"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studygroup.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
