"""What a mail server's refusal is about: a moment, an address, one mail, or whatever we send. Plain rules, no database.

The enhanced codes are RFC 3463's and the registry's; the wordings those of Postfix, Exim, Exchange, qmail, Gmail, Yahoo,
Naver and Daum. In doubt it is the server's trouble: mail is kept, and nobody is held to be unreachable.
"""

import re
import smtplib
from enum import StrEnum

from members.mail import one_line

# phases of the dialogue: connection to sign-in, the four commands, and the answer after the final dot
SESSION, MAIL, RCPT, DATA, END = "SESSION", "MAIL", "RCPT", "DATA", "END"


class Cause(StrEnum):
    NOT_NOW = "not now"  # ask again in a moment
    ADDRESS = "address"  # nobody gets mail there
    MESSAGE = "message"  # this mail for this mailbox: too big, full, its content
    SERVER = "server"  # our sender, our rights, our limits: whatever we send


NOBODY_THERE = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
BAD_SENDER = {"5.1.7", "5.1.8"}
FULL_OR_TOO_BIG = {"5.2.2", "5.2.3", "5.3.4"}
NO_ROOM = 552  # "exceeded storage allocation", where no enhanced code says more
PERMANENT = range(500, 600)

_STATUS = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_SENDER = re.compile(
    r"sender|mail from|from address|return[- ]?path|envelope[- ]from|originator|\b(?:spf|dkim|dmarc|starttls|relay(?:ing)?)\b(?!=)"
    r"|authenticat|your (?:account|ip|host|server|domain)\b"
)
_LIMIT = re.compile(
    r"\b(?:daily|hourly|throttl\w*|too (?:many|much|fast|quickly)|per (?:day|hour|minute)|rate|quota exceeded for sending"
    r"|(?:sending|message|recipient)s? (?:quota|limit)|limits? (?:is |was |has been )?exceeded)\b"
)
_TOO_BIG = re.compile(r"too (?:big|large)|(?:message|mail) size|size limit")
_FULL = re.compile(
    r"(?:mailbox|account|storage|quota|user|recipient).{0,60}\b(?:full|exceeded|exceeds)\b|over[ -]?quota|exceeded storage"
)
_WHO = r"(?:user|recipient|mailbox|mail box|mbox|address(?:ee)?|account|person|local[- ]part|rcpt|alias)"
_UNKNOWN = re.compile(
    rf"\b(?:unknown|invalid|no such|non-?existent)(?: or \w+)?(?: local| virtual| e-?mail)?[ -]{_WHO}"
    rf"|\b{_WHO}(?: e-?mail| name| address)?(?: is| was| has been)?:? (?:unknown|not known|invalid|non-?existent|not found|not present)"
    rf"|\b(?:user|recipient|mailbox|account|address)\b.{{0,80}}(?:does ?n[o'’]t|does not|do not|not) exist"
    rf"|\b(?:user|recipient) .{{0,40}}(?:doesn['’]?t|does not) have an? .{{0,40}}account"
    rf"|\bno (?:user|mailbox|mail box|one)(?: with that \w+(?: address)?)? here|no mailbox (?:here )?by that name"
    rf"|not a (?:valid|known) {_WHO}|unrouteable address|bad destination mailbox|recipient ?not ?found|recipnotfound"
    r"|존재하지 않는 (?:사용자|수신자|계정|메일|주소)|없는 (?:사용자|수신자|계정|주소)"
)
_CONTENT = re.compile(r"spam|virus|malware|content|attachment")


def cause(code: int, text: str, phase: str) -> Cause:
    """Return what the answer `code text`, given in this phase, is about. `code` is 0 where the line was lost."""
    if code not in PERMANENT:
        return Cause.NOT_NOW
    said, status = " ".join(text.lower().split()), _status(text)
    if phase in {SESSION, DATA} or status in BAD_SENDER:
        return Cause.SERVER
    if status in FULL_OR_TOO_BIG or (not _SENDER.search(said) and _TOO_BIG.search(said)):
        return Cause.MESSAGE
    if _SENDER.search(said) or _LIMIT.search(said):
        return Cause.SERVER
    if (code == NO_ROOM and not status) or _FULL.search(said):
        return Cause.MESSAGE
    if phase == MAIL:
        return Cause.SERVER
    if status in NOBODY_THERE or _UNKNOWN.search(said):
        return Cause.ADDRESS
    if phase == END and (not status or status.startswith("5.6.") or _CONTENT.search(said)):
        return Cause.MESSAGE
    return Cause.SERVER


def cause_of(error: Exception) -> Cause:
    """Return what an exception of smtplib, or of the network below it, is about."""
    return cause(*_answer(error))


def words_of(error: Exception) -> str:
    """Return '552 5.2.2 Mailbox full', or what the system says."""
    code, text, _phase = _answer(error)
    return one_line(f"{code} {text}" if code else text) or type(error).__name__


def without_address(words: str, email: str) -> str:
    """Return the answer without what differs from one recipient to the next: addresses, and the server's own numbers."""
    said = re.sub(r"\S+@\S+", "…", words.lower())
    for part in email.lower().split("@"):
        said = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "…", said)
    return re.sub(r"\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{8,}\b", "…", said)[:300]


def decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _answer(error) -> tuple[int, str, str]:
    """(code, text, phase)"""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return code, decoded(text), RCPT
    if isinstance(error, smtplib.SMTPResponseException):
        phases = {smtplib.SMTPSenderRefused: MAIL, smtplib.SMTPDataError: END}
        return error.smtp_code, decoded(error.smtp_error), phases.get(type(error), SESSION)
    return 0, str(error), SESSION


def _status(text) -> str:
    """The enhanced code, wherever it stands: '5.1.1', also of '(#5.1.1)'."""
    found = _STATUS.search(text)
    return found[0] if found else ""
