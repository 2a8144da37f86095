"""Hand notifications over to the mail server, and tell apart what may go wrong: each exception is another thing to do next.

Django's own sender says only "failed". Whether the server never took the notification, or took it and its answer was lost,
decides between trying again at ease and trying again with the risk of a second copy: so the dialogue is held here.
Without a mail server (EMAIL_HOST empty) every notification becomes a file, and nothing else differs.
"""

import smtplib
from email.utils import parseaddr
from functools import lru_cache

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from members.mail import as_sent
from members.smtp_answers import DATA, END, MAIL, RCPT, Cause, cause, decoded, words_of

OK, GO_AHEAD, CLOSING = {250, 251}, {354}, 421
IN_A_ROW = 3  # notifications put off by one connection before it is given up: the server has trouble with all of them
LOST = (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError)


class DeliveryError(Exception):
    """args[0] is the server's own words, or the system's."""

    @property
    def words(self) -> str:
        return str(self.args[0])[:300]


class ServerUnavailable(DeliveryError):
    """No notification can be handed over now: the server is not there, or refuses us. It is not the notification's fault."""


class NotNow(DeliveryError):
    """This notification was not taken, for a reason that passes or that the server has with all our mail."""


class MessageRefused(DeliveryError):
    """This notification was not taken, for what it is or for its mailbox."""


class UnknownRecipient(MessageRefused):
    """The server says for good that there is no such address: no notification to it will be taken."""


class DeliveryUnknown(DeliveryError):
    """The notification was handed over, and the answer was lost: perhaps it was taken."""


class SmtpClient:
    """One connection for several notifications: `with SmtpClient() as post: post.send(message)`."""

    def __enter__(self):
        backend = get_connection()
        self._backend = backend if isinstance(backend, EmailBackend) else None  # None: no mail server
        self._put_off = 0
        return self

    def __exit__(self, *_error):
        self._close()

    def open(self) -> None:
        """Be connected and let in. Raises ServerUnavailable."""
        if self._backend is None or self._backend.connection:
            return
        try:
            self._backend.open()
            self._server().ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise ServerUnavailable(words_of(error)) from error

    def send(self, message: EmailMessage) -> None:
        """Hand one notification over. Raises ServerUnavailable, NotNow, MessageRefused or DeliveryUnknown."""
        if self._backend is None:
            self._write(message)
            return
        self.open()
        body = as_sent(message)
        try:
            self._address(message, len(body))
            self._server().send(body)
        except LOST as error:
            self._hang_up()
            raise self._not_now(words_of(error)) from error
        self._listen()
        self._put_off = 0

    def _server(self) -> smtplib.SMTP:
        """The open line."""
        if self._backend is None or self._backend.connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._backend.connection

    def _address(self, message, size):
        """MAIL, RCPT, DATA: up to here nothing is taken."""
        server = self._server()
        options = [f"size={size}"] if server.has_extn("size") else []
        options += ["body=8bitmime"] if server.has_extn("8bitmime") else []
        self._expect(OK, server.mail(_envelope(message.from_email), options), MAIL)
        self._expect(OK, server.rcpt(_envelope(message.to[0])), RCPT)
        self._expect(GO_AHEAD, server.docmd("DATA"), DATA)

    def _listen(self):
        """After the final dot only the server's answer says what became of the notification."""
        try:
            answer = self._server().getreply()
        except LOST as error:
            self._hang_up()
            raise DeliveryUnknown(words_of(error)) from error
        self._expect(OK, answer, END)

    def _expect(self, codes, answer, phase):
        code, text = answer
        if code in codes:
            return
        words, about = words_of(smtplib.SMTPResponseException(code, text)), cause(code, decoded(text), phase)
        self._start_over()
        if code == CLOSING or (phase == MAIL and about != Cause.MESSAGE):
            raise ServerUnavailable(words)
        if about == Cause.ADDRESS:
            raise UnknownRecipient(words)
        if about == Cause.MESSAGE:
            raise MessageRefused(words)
        raise self._not_now(words, server=about == Cause.SERVER)

    def _not_now(self, words, *, server=True) -> DeliveryError:
        """A busy mailbox says nothing about the next notification; a cut line and a refusal of our mail do, several in a row."""
        self._put_off += server
        return ServerUnavailable(words) if self._put_off >= IN_A_ROW else NotNow(words)

    def _start_over(self):
        """Ready for the next notification: forget this one, or hang up."""
        try:
            if self._server().rset()[0] not in OK:
                self._hang_up()
        except LOST:
            self._hang_up()

    def _write(self, message):
        try:
            get_connection().send_messages([message])
        except OSError as error:
            raise NotNow(words_of(error)) from error

    def _close(self):
        try:
            if self._backend:
                self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._hang_up()

    def _hang_up(self):
        if self._backend and self._backend.connection:
            self._backend.connection.close()
            self._backend.connection = None


@lru_cache(maxsize=256)
def _envelope(address) -> str:
    """Without the name, in letters that every server knows; asked for with every notification, and mostly the same."""
    return parseaddr(sanitize_address(address, "utf-8"))[1]
