"""The house's own settings, with an address for each page that says no."""

from studygroup.settings import *  # noqa: F403

ROOT_URLCONF = "tests.browser.refusing"
