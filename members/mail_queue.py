"""Send the mail of a row that waits for it. The row says when it was mailed, how often that was tried, and what went wrong.

It has mailed_at, mail_tries, mail_error, mail_after, and an `email`: Invitation and AccountNotice.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import F, QuerySet

from members import addresses, mail
from members.smtp_answers import Cause, cause_of, words_of

LEASE = timedelta(minutes=5)  # well over what a mail server is given to answer
PAUSE = timedelta(minutes=2)  # after the first refusal that counts as a try; twice as long after each further one

log = logging.getLogger(__name__)


def deliver(row: Any, waiting: QuerySet, compose: Callable[[Any], EmailMessage], at: datetime) -> bool:
    """Send what `compose` makes of the row, if it is still among `waiting`. Return whether the mail server took it.

    A try is counted before it is made, so that none is for ever. The tries that a row has are for what the address or the mail
    is to blame for; for all else it is tried as long as it waits.
    """
    return claim(row, waiting, at) and _send(row, compose, at)


def claim(row: Any, waiting: QuerySet, at: datetime) -> bool:
    """Return whether nobody else counted this try before."""
    still = waiting.filter(pk=row.pk, mail_tries=row.mail_tries)
    return bool(still.update(mail_tries=F("mail_tries") + 1, mail_after=at + LEASE))


def _send(row, compose, at) -> bool:
    this, refusals = type(row).objects.filter(pk=row.pk), addresses.Refusals()
    try:
        compose(row).send()
    except (smtplib.SMTPException, OSError) as error:
        words, blames_it = words_of(error)[:300], cause_of(error) in {Cause.ADDRESS, Cause.MESSAGE}
        log.warning("%s %s was not sent: %s", type(row).__name__, row.pk, words)
        if blames_it and not refusals.is_general(row.email, words, at):
            this.update(mail_error=words, mail_after=at + PAUSE * 2**row.mail_tries)
        else:
            this.update(mail_error=words, mail_after=at + PAUSE, mail_tries=F("mail_tries") - 1)
        return False
    except Exception as error:  # it cannot be written
        this.update(mail_error=mail.one_line(error)[:300], mail_after=at + PAUSE * 2**row.mail_tries)
        raise
    this.update(mailed_at=at, mail_error="", mail_after=None)
    refusals.accept(row.email)
    return True
