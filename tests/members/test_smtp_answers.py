"""What the answers of common mail servers speak of: an address, one mail, or whatever we send."""

import smtplib

import pytest

from members.smtp_answers import DATA, END, MAIL, RCPT, SESSION, cause, cause_of, without_address, words_of

ADDRESS = [
    (550, "5.1.1 <a@example.org>: Recipient address rejected: User unknown in local recipient table"),  # Postfix
    (550, "5.1.1 <a@example.org>: Recipient address rejected: undeliverable address: host x said: 550 User unknown"),
    (550, "Unrouteable address"),  # Exim
    (550, "No Such User Here"),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),  # Exchange
    (550, "5.1.1 The email account that you tried to reach does not exist. Please try\n5.1.1 double-checking"),  # Gmail
    (550, "5.2.1 The email account that you tried to reach is inactive."),
    (550, "sorry, no mailbox here by that name. (#5.7.17)"),  # qmail
    (511, "sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
    (550, "5.1.1 RUSR 192.0.2.1: No such user: <a@example.org>"),  # Naver
    (550, "RCPT TO:<a@example.org> User unknown"),  # Daum
    (554, "delivery error: dd This user doesn't have a yahoo.co.kr account (a@example.org) [-5]"),
    (550, "존재하지 않는 사용자입니다."),
    (550, "5.1.2 Host unknown"),
    (501, "5.1.3 Bad recipient address syntax"),
    (550, "5.1.6 Recipient no longer on server"),
]
SERVER = [
    (550, "5.1.8 Sender address rejected"),
    (550, "5.1.8 <us@example.org>: Sender address rejected: Domain not found"),
    (550, "5.1.0 <us@example.org>: Sender address rejected: User unknown in virtual mailbox table"),
    (550, "5.1.7 Invalid address"),
    (550, "5.4.5 Daily user sending limit exceeded."),
    (550, "5.4.5 Daily user sending quota exceeded."),
    (554, "5.5.1 Too many recipients"),
    (503, "need STARTTLS"),
    (530, "5.7.0 Must issue a STARTTLS command first"),
    (554, "5.7.1 <a@example.org>: Relay access denied"),
    (550, "5.7.1 Unable to relay for a@example.org"),
    (554, "5.7.1 Message rejected: rate limit exceeded"),
    (550, "5.7.26 This mail has been blocked because the sender is unauthenticated."),
    (550, "5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages"),
    (550, "5.7.1 Service unavailable; client host [192.0.2.1] blocked"),
    (550, "5.4.1 Recipient address rejected: Access denied"),
    (550, "Mailbox unavailable"),
    (550, "Administrative prohibition"),
]
MESSAGE = [
    (552, "5.2.2 Mailbox full"),
    (552, "Requested mail action aborted: exceeded storage allocation"),
    (550, "The recipient's mailbox is full"),
    (552, "5.3.4 Message size exceeds fixed limit"),
]


@pytest.mark.parametrize(
    "said, answers",
    [("address", ADDRESS), ("server", SERVER), ("message", MESSAGE)],
    ids=["address", "server", "message"],
)
def test_wordings_of_common_servers_after_the_recipient(said, answers):
    assert {answer: found for answer in answers if (found := cause(*answer, RCPT)) != said} == {}


@pytest.mark.parametrize(
    "code, text, phase, said",
    [
        (451, "4.7.1 Greylisted", RCPT, "not now"),
        (450, "4.1.1 User unknown", RCPT, "not now"),
        (0, "Connection unexpectedly closed", RCPT, "not now"),
        (535, "5.7.8 Bad credentials", SESSION, "server"),
        (550, "5.1.1 User unknown", MAIL, "server"),
        (552, "Too big", MAIL, "message"),
        (554, "5.5.1 No valid recipients", DATA, "server"),
        (554, "Looks like spam", END, "message"),
        (554, "5.7.1 Message blocked: spam content", END, "message"),
        (550, "5.4.5 Daily sending quota exceeded", END, "server"),
        (550, "5.1.1 No such user", END, "address"),
    ],
)
def test_the_phase_decides_with_the_words(code, text, phase, said):
    assert cause(code, text, phase) == said


@pytest.mark.parametrize(
    "error, said, words",
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"No such mailbox")}), "address", "550 No such mailbox"),
        (smtplib.SMTPSenderRefused(550, b"5.1.8 Who?", "us@example.org"), "server", "550 5.1.8 Who?"),
        (smtplib.SMTPDataError(554, b"Looks like spam"), "message", "554 Looks like spam"),
        (smtplib.SMTPAuthenticationError(535, b"Bad\r\ncredentials"), "server", "535 Bad credentials"),
        (smtplib.SMTPServerDisconnected("Connection lost"), "not now", "Connection lost"),
        (TimeoutError(), "not now", "TimeoutError"),
    ],
)
def test_what_python_raises_is_read_the_same_way(error, said, words):
    assert (cause_of(error), words_of(error)) == (said, words)


def test_the_same_answer_is_known_whatever_the_address_and_the_number_of_the_conversation():
    answers = {
        without_address(
            f"550 5.1.1 <{name}@{domain}>: {name} is unknown at {domain} {number} - gsmtp", f"{name}@{domain}"
        )
        for name, domain, number in [("alice", "a.org", "d9443c01a7336-20e5"), ("bob", "b.org", "x8123c01a9931-77f1")]
    }
    assert answers == {"550 5.1.1 … … is unknown at … … - gsmtp"}
