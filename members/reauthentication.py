"""Ask who is signed in for a proof again, before an account is changed, when the last one is too long ago.

allauth asks for the password or a second step, and nothing of an account that has neither: that one gets a code by mail.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings

SIGNED_IN_AT = "signed_in_at"


def note_sign_in(request) -> None:
    """Remember in the session when it began: signing in is a proof, too."""
    request.session[SIGNED_IN_AT] = time.time()


def is_recent(request) -> bool:
    """Return whether who asks has signed in, or given a proof again, within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    records = get_authentication_records(request, request.user)
    proofs = [record["at"] for record in records if record.get("reauthenticated")]
    last = max([request.session.get(SIGNED_IN_AT, 0), *proofs])
    return time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class MailedCode(AbstractCodeVerificationProcess):
    """A code that was mailed to who is signed in. The session keeps it, how old it is, and how often a wrong one came."""

    KEY = "mailed_code"
    SECONDS, TRIES = 180, 3

    def __init__(self, request, state: dict):
        super().__init__(max_attempts=self.TRIES, timeout=self.SECONDS, state=state, user=request.user)
        self.request = request

    @classmethod
    def begin(cls, request) -> None:
        """Mail a new code; the one before counts no longer."""
        code = cls(request, cls.initial_state(user=request.user))
        code.send()
        code.persist()

    @classmethod
    def waiting(cls, request) -> "MailedCode | None":
        """Return the code that may still be typed."""
        state = request.session.get(cls.KEY)
        return cls(request, state).abort_if_invalid() if state else None

    def send(self) -> None:
        self.state["code"] = get_adapter().generate_login_code()
        context = {"request": self.request, "code": self.code}
        get_adapter().send_mail("account/email/login_code", self.request.user.email, context)

    def finish(self) -> None:
        """The right code was typed."""
        self.abort()
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)
