"""Secrets of second steps: encrypted where they lie, read with older keys, of no use with another."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps

from members.second_step import MARK, SecondStepAdapter
from tests import make

encrypt = import_module("members.migrations.0014_encrypt_second_steps").encrypt


@pytest.fixture
def person(db):
    return make.person("Alice")


def test_what_is_stored_says_neither_key_nor_codes(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored and not any(code in stored for code in codes)
    assert stored.count(MARK) == 2


def test_what_was_stored_before_is_read_and_is_encrypted_by_the_upgrade(person):
    secret = generate_totp_secret()
    row = Authenticator.objects.create(user=person, type="totp", data={"secret": secret})
    codes = Authenticator.objects.create(user=person, type="recovery_codes", data={"migrated_codes": ["one", "two"]})
    adapter = SecondStepAdapter()
    assert adapter.decrypt(row.data["secret"]) == secret
    for _twice in range(2):
        encrypt(apps, None)
    row.refresh_from_db(), codes.refresh_from_db()
    assert row.data["secret"].startswith(MARK) and adapter.decrypt(row.data["secret"]) == secret
    assert RecoveryCodes(codes).get_unused_codes() == ["one", "two"]


def test_a_key_that_was_changed_is_read_as_long_as_it_is_named_and_then_no_code_is_right(person, settings):
    kept = SecondStepAdapter().encrypt("secret")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    assert SecondStepAdapter().decrypt(kept) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    assert SecondStepAdapter().decrypt(kept) == ""
    totp = Authenticator.objects.create(user=person, type="totp", data={"secret": kept})
    assert not TOTP(totp).validate_code("000000")
