"""The calendar page as people use it: make the links, copy one, let a calendar program read it, close it again."""

import urllib.request
from datetime import timedelta
from urllib.error import HTTPError

import pytest
from django.utils.timezone import now
from icalendar import Calendar

from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_is_made_copied_read_and_closed(open_page, live_server, study, settings, width):
    settings.SITE_URL = live_server.url
    session = make.session(make.term(study["group"]), now() + timedelta(weeks=2))
    make.presentation(session, study["bob"])
    page = open_page(width=width, locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    signed_in(page, live_server, study["bob"])
    page.goto(f"{live_server.url}/g/study/schedule/turns/")
    page.get_by_role("link", name="In my calendar").click()
    page.get_by_role("button", name="Make my links").click()
    page.get_by_role("button", name="Copy the link").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    read = Calendar.from_ical(urllib.request.urlopen(address).read())
    summaries = sorted(str(event["summary"]) for event in read.walk("VEVENT"))
    assert len(summaries) == 2  # the session, and the day to share

    page.get_by_role("button", name="Make new links").click()
    page.get_by_role("button", name="Copy the link").first.wait_for()
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(address)
    refused.value.close()
    assert refused.value.code == 404
    with page.expect_download() as arrived:
        page.get_by_role("link", name="Download for Apple or Outlook").click()
    one = Calendar.from_ical(arrived.value.path().read_bytes())
    assert len(one.walk("VEVENT")) == 1
