"""What every test may ask for. Files go to a folder of the test's own; nothing of ours is mocked."""

import pytest
from django.test import Client

from tests import make


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@pytest.fixture
def sign_in():
    """sign_in(membership or person) -> a browser's client, signed in."""

    def signed_in(who):
        client = Client()
        client.force_login(getattr(who, "member", who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def study(db):
    """The usual cast: a group, its organizer Olivia, its members Alice and Bob; Mallory belongs to another group."""
    group = make.group(slug="study")
    return {
        "group": group,
        "olivia": make.organizer(group, "Olivia"),
        "alice": make.member(group, "Alice"),
        "bob": make.member(group, "Bob"),
        "mallory": make.organizer(make.group(name="Another group", slug="another"), "Mallory"),
    }
