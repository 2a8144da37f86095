"""Hand letters over to the mail server, and tell apart what may go wrong: three exceptions, three things to do next.

Django's own sender says only "failed". Whether the server never took the letter, or took it and its answer was lost,
decides between trying again at ease and trying again with the risk of a second copy: so the dialogue is held here.
Without a mail server (EMAIL_HOST empty) every letter becomes a file, and nothing else differs.
"""

import re
import smtplib
from email.utils import parseaddr
from functools import lru_cache

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from members.mail import as_sent, one_line

OK, GO_AHEAD, TOO_BIG, CLOSING = {250, 251}, {354}, 552, 421
# refusals at RCPT that speak of the mailbox's size, of us, or of the server's policy, not of the address
NOT_THE_ADDRESS = re.compile(r"5\.2\.2|5\.7\.|quota|full|relay|spam|blocked|policy|denied|authenticat", re.IGNORECASE)
LOST = (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError)


class Trouble(Exception):
    """args[0] is the server's own words, or the system's."""

    @property
    def words(self) -> str:
        return str(self.args[0])[:300]


class Away(Trouble):
    """No letter can be handed over now: the server is not there, or refuses us. It is not the letter's fault."""


class Refused(Trouble):
    """This letter was not taken."""


class NobodyThere(Refused):
    """The server says for good that there is no such address: no letter to it will be taken."""


class Unheard(Trouble):
    """The letter was handed over, and the answer was lost: perhaps it was taken."""


class Post:
    """One connection for several letters: `with Post() as post: post.send(message)`."""

    def __enter__(self):
        self._backend = get_connection()
        self._speaks_smtp = isinstance(self._backend, EmailBackend)
        return self

    def __exit__(self, *_error):
        self._close()

    def open(self) -> None:
        """Be connected and let in. Raises Away."""
        if not self._speaks_smtp or self._backend.connection:
            return
        try:
            self._backend.open()
            self._backend.connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise Away(_words(error)) from error

    def send(self, message: EmailMessage) -> None:
        """Hand one letter over. Raises Away, Refused or Unheard."""
        if not self._speaks_smtp:
            self._write(message)
            return
        self.open()
        body = as_sent(message)
        try:
            self._address(message, len(body))
            self._backend.connection.send(body)
        except LOST as error:
            self._hang_up()
            raise Refused(_words(error)) from error
        self._listen()

    def _address(self, message, size):
        """MAIL, RCPT, DATA: up to here nothing is taken."""
        server = self._backend.connection
        options = [f"size={size}"] if server.has_extn("size") else []
        options += ["body=8bitmime"] if server.has_extn("8bitmime") else []
        self._expect(OK, server.mail(_envelope(message.from_email), options), blames_the_letter={TOO_BIG})
        code, text = answer = server.rcpt(_envelope(message.to[0]))
        if 500 <= code < 600 and not NOT_THE_ADDRESS.search(_decoded(text)):
            self._start_over()
            raise NobodyThere(_words(smtplib.SMTPResponseException(code, text)))
        self._expect(OK, answer)
        self._expect(GO_AHEAD, server.docmd("DATA"))

    def _listen(self):
        """After the final dot only the server's answer says what became of the letter."""
        try:
            answer = self._backend.connection.getreply()
        except LOST as error:
            self._hang_up()
            raise Unheard(_words(error)) from error
        self._expect(OK, answer)

    def _expect(self, codes, answer, blames_the_letter=None):
        code, text = answer
        if code in codes:
            return
        words = _words(smtplib.SMTPResponseException(code, text))
        self._start_over()
        if code == CLOSING or (blames_the_letter is not None and code not in blames_the_letter):
            raise Away(words)
        raise Refused(words)

    def _start_over(self):
        """Ready for the next letter: forget this one, or hang up."""
        try:
            if self._backend.connection.rset()[0] not in OK:
                self._hang_up()
        except LOST:
            self._hang_up()

    def _write(self, message):
        try:
            get_connection().send_messages([message])
        except OSError as error:
            raise Refused(_words(error)) from error

    def _close(self):
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._hang_up()

    def _hang_up(self):
        if self._speaks_smtp and self._backend.connection:
            self._backend.connection.close()
            self._backend.connection = None


@lru_cache(maxsize=256)
def _envelope(address) -> str:
    """Without the name, in letters that every server knows; asked for with every letter, and mostly the same."""
    return parseaddr(sanitize_address(address, "utf-8"))[1]


def _words(error) -> str:
    """'552 5.2.2 Mailbox full', or what the system says."""
    if isinstance(error, smtplib.SMTPResponseException):
        return one_line(f"{error.smtp_code} {_decoded(error.smtp_error)}")
    return one_line(error) or type(error).__name__


def _decoded(text) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
