"""One member brings hundreds of files that take for ever: mail leaves in time, and others' papers are read."""

import json
import time

import pytest

from tests import servers
from tests.stack import compose, wait_until

pytestmark = [pytest.mark.servers, pytest.mark.slow]
IMPORTS = """
import json
from datetime import timedelta
from django.utils.timezone import now
from papers import library
from tests import make
from tests.papers import pdfs
from members.models import Group
from papers.models import Paper
from schedule.models import Notification
group = Group.objects.get()
"""
FILL = """
mallory = make.member(group, "Mallory")
for n in range(200):
    library.add_paper(pdfs.upload(pdfs.endless(n), f"{n}.pdf"), group=group, by=mallory)
"""
THEN = """
alice = make.member(group, "Alice")
paper = library.add_paper(pdfs.upload(pdfs.giraffe(), "mine.pdf"), group=group, by=alice).paper
session = make.session(make.term(group), now() + timedelta(days=3))
waiting = make.notification(session, alice, due_at=now())
print(json.dumps([paper.pk, waiting.pk]))
"""
STATE = """
read = Paper.objects.filter(pk={paper}, state=Paper.READY).exists()
sent = Notification.objects.filter(pk={mail}, state=Notification.SENT).exists()
print(json.dumps([read, sent, Paper.objects.unread().count()]))
"""


def test_two_hundred_endless_files_of_one_member_keep_neither_mail_nor_others_papers_waiting(tmp_path, smtp_sink):
    """At most 90 seconds for a notification that is due, and 60 for another member's paper."""
    if not servers.installed():
        pytest.skip("no PostgreSQL and Redis on this machine")
    with compose(tmp_path, smtp_sink) as house:
        said(house, FILL)
        wait_until(lambda: said(house, STATE.format(paper=0, mail=0))[2] < 200, 60)  # the first of them is done with
        paper, mail = said(house, THEN)
        began, took = time.monotonic(), {}
        while len(took) < 2 and time.monotonic() - began < 120:
            read, sent, left = said(house, STATE.format(paper=paper, mail=mail))
            took |= {
                name: time.monotonic() - began
                for name, done in (("read", read), ("sent", sent))
                if done and name not in took
            }
        assert left > 100  # most of the others still wait
        assert took["read"] < 60 and took["sent"] < 90, took


def said(house, words):
    lines = house.manage("shell", "--no-imports", "-v0", "-c", IMPORTS + words).splitlines()
    return json.loads(lines[-1]) if lines else None
