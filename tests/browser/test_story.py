"""The whole story in a real browser, on the laptop's stack and on the server's: from invitation to sent mail."""

import base64
import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from papers.demo_pdf import DemoPaper, write_pdf
from tests.make import PASSWORD
from tests.stack import compose, laptop, wait_until
from tests.translatable import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.servers]
SEOUL = ZoneInfo("Asia/Seoul")
CORPUS = ROOT.parent / "shared" / "corpus" / "pdf"
REAL = ("cvpr-0215ef.pdf", "acl-37ac71.pdf", "korean-conf-426b9f.pdf")


def papers() -> dict[str, bytes]:
    """Three real papers where there are some, else three of our own setting."""
    if CORPUS.exists():
        return {name: (CORPUS / name).read_bytes() for name in REAL}
    abstract = "We study how a group reads papers together, and find that one week is what it takes. " * 8
    return {
        f"{n}.pdf": write_pdf(
            DemoPaper(f"Reading Together, Part {n}", ("Ada Lovelace",), abstract, f"arXiv:2601.0000{n}v1 [cs.DL]")
        )
        for n in (1, 2, 3)
    }


@pytest.fixture(params=[laptop, compose], ids=["laptop", "compose"])
def house(request, tmp_path, smtp_sink):
    with request.param(tmp_path, smtp_sink) as running:
        yield running


def test_a_group_from_invitation_to_sent_mail(house, open_page, smtp_sink):
    olivia = open_page(locale="en-US")
    sign_in(olivia, house, "olivia@example.org")
    invite(olivia, ["alice@example.org", "bob@example.org"])
    alice = join(open_page(width=390, height=800, locale="en-US"), smtp_sink, "alice@example.org", "Alice")
    join(open_page(locale="en-US"), smtp_sink, "bob@example.org", "Bob")

    drop_papers(olivia, house, papers())
    first_day = plan_term(olivia, house)
    title = share_for_my_turn(alice)

    meets = datetime.combine(first_day, time(10), SEOUL)
    for name in ("alice", "bob"):  # the worker tells them of the published term by itself
        told = wait_until(lambda who=f"{name}@example.org": subjects(smtp_sink, who, "dates and turns"))
        assert told == ["[Study] Spring: dates and turns"]
    assert notifications_after(house, smtp_sink, meets - timedelta(days=8, hours=2)) == {}
    soon = notifications_after(house, smtp_sink, meets - timedelta(days=8) + timedelta(minutes=1))
    assert {who: len(subjects) for who, subjects in soon.items()} == {"olivia@example.org": 1, "bob@example.org": 1}
    evening = notifications_after(house, smtp_sink, meets - timedelta(days=7) + timedelta(hours=10, minutes=1))
    assert {who: len(subjects) for who, subjects in evening.items()} == {
        "olivia@example.org": 2,  # share today, and the papers to read
        "bob@example.org": 2,
        "alice@example.org": 1,
    }
    assert notifications_after(house, smtp_sink, meets - timedelta(days=7) + timedelta(hours=10, minutes=2)) == {}
    to_read = smtp_sink.to("alice@example.org")[-1]
    assert title in to_read.get_body(("plain",)).get_content().replace("\n", " ")
    assert title in to_read.get_body(("html",)).get_content()


def sign_in(page, house, email):
    page.goto(house.url)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Members").wait_for()


def invite(page, addresses):
    page.get_by_role("link", name="Members").click()
    page.locator("textarea[name=addresses]").fill("\n".join(addresses))
    page.get_by_role("button", name="Send invitations").click()
    page.get_by_text(f"{len(addresses)} invitations are on their way.").wait_for()


def join(page, sink, email, name):
    """From the mail that the worker sent, through its link, into the group; the same page comes back."""
    mail = wait_until(lambda: sink.to(email))[0]
    link = next(word for word in mail.get_body(("plain",)).get_content().split() if "/join/" in word)
    page.goto(link)
    page.get_by_label("Your name, as the group writes it").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.get_by_role("link", name="Papers", exact=True).wait_for()
    return page


def drop_papers(page, house, files):
    page.get_by_role("link", name="Papers", exact=True).click()
    dropped = page.evaluate_handle(
        """(files) => {
            const data = new DataTransfer();
            for (const [name, text] of Object.entries(files)) {
                const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
                data.items.add(new File([bytes], name, { type: "application/pdf" }));
            }
            return data;
        }""",
        {name: base64.b64encode(data).decode() for name, data in files.items()},
    )
    page.dispatch_event("[data-upload]", "drop", {"dataTransfer": dropped})
    page.locator("#files > li").nth(len(files) - 1).wait_for()
    expect(page.locator("#files [hx-get], #files progress")).to_have_count(0)
    states = house.manage(
        "shell", "--no-imports", "-c",
        "import json; from papers.models import Paper; print(json.dumps([[p.state, bool(p.title)] for p in Paper.objects.all()]))",
    )  # fmt: skip
    assert json.loads(states.splitlines()[-1]) == [["ready", True]] * len(files)


def plan_term(page, house) -> date:
    """Eight Tuesdays, every second week at ten in Seoul, all three presenting; the first day is at least 16 days ahead."""
    today = datetime.now(UTC).astimezone(SEOUL).date()
    first_day = today + timedelta(days=16 + (1 - today.weekday() - 16) % 7)
    page.get_by_role("link", name="Schedule").click()
    page.get_by_role("link", name="Plan the term").click()
    page.get_by_label("Term", exact=True).fill("Spring")
    page.get_by_label("First day").fill(first_day.isoformat())
    page.get_by_label("Time", exact=True).fill("10:00")
    page.get_by_label("Number of sessions").fill("8")
    page.get_by_label("No meeting on public holidays").uncheck()
    page.get_by_label("Place").fill("A café near Sangdo")
    page.locator("#preview").get_by_text("8 sessions").first.wait_for()
    page.get_by_role("button", name="Publish plan").click()
    page.wait_for_url("**/schedule/terms/*/")
    days = house.manage(
        "shell", "--no-imports", "-c",
        "from schedule.models import Session; print(*[s.local_start.isoformat() for s in Session.objects.all()])",
    )  # fmt: skip
    expected = [datetime.combine(first_day + timedelta(weeks=2 * n), time(10), SEOUL) for n in range(8)]
    assert days.split()[-8:] == [moment.isoformat() for moment in expected]
    return first_day


def share_for_my_turn(page) -> str:
    """On the phone: from the home page to the share page, and one of the papers that are here."""
    page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Share a paper", exact=True).first.click()
    choice = page.locator(".papers .turn").first
    title = choice.get_by_role("heading").inner_text()
    choice.get_by_role("button", name="Choose").click()
    page.get_by_text("Shared. Everybody can read it now.").wait_for()
    return title


def subjects(sink, address, words) -> list[str]:
    return [str(message["Subject"]) for message in sink.to(address) if words in str(message["Subject"])]


def notifications_after(house, sink, moment) -> dict[str, list[str]]:
    """Move the clock to `moment` and let it tick: {address: subjects} of what arrived by that."""
    before = len(sink.messages)
    house.manage("tick", "--at", moment.isoformat())
    arrived = {}
    for message in sink.messages[before:]:
        arrived.setdefault(message.envelope_to[0], []).append(str(message["Subject"]))
    return arrived
