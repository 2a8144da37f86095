"""What a second step at sign-in is checked against lies in the database encrypted: a copy of it opens no account."""

import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext

MARK = "fernet:"  # what was stored before has none, and is read as it stands until it is encrypted

log = logging.getLogger(__name__)


class SecondStepAdapter(DefaultMFAAdapter):
    """Keys are derived from SECRET_KEY and, for reading only, from SECRET_KEY_FALLBACKS (Fernet: AES-128-CBC, HMAC-SHA256)."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return whose passkeys these are: the site's as SITE_URL has it, whatever host was asked."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": gettext("Reading Study")}

    def encrypt(self, text: str) -> str:
        return MARK + _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; "" for one of another SECRET_KEY, with which no code is right."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return _keys().decrypt(encrypted_text.removeprefix(MARK)).decode()
        except InvalidToken:
            log.error("A second step was set up under another SECRET_KEY: its owner needs a recovery by an operator.")
            return ""


def _keys() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(b"second step" + force_bytes(key)).digest())) for key in keys])


def encrypted(data: dict) -> dict:
    """Return the data of an authenticator with its secrets encrypted, those that are not yet."""
    adapter = SecondStepAdapter()

    def kept(name, value):
        if name in {"secret", "seed"} and not value.startswith(MARK):
            return adapter.encrypt(value)
        if name == "migrated_codes":
            return [code if code.startswith(MARK) else adapter.encrypt(code) for code in value]
        return value

    return {name: kept(name, value) for name, value in data.items()}
