"""Five things people do, as clicks, fields and seconds, by a real browser in the product as `up` runs it.

    python -m benchmarks.stories

A click is a press on a link, a button or a choice; a field is something typed; a file dialogue counts as one click. Seconds run
from the first click to the page that says it is done, without a person's typing and reading.
"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import sync_playwright

from papers.demo_pdf import DemoPaper, write_pdf
from tests import PASSWORD
from tests.browser.conftest import ARGS, chromium_path
from tests.stack import laptop

ABSTRACT = "We measure how few steps a group of readers needs until everybody has the paper. " * 6


class Hand:
    """One person at one browser; it counts what it does."""

    def __init__(self, browser, url, width=1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        context.set_default_timeout(20_000)
        self.page, self.url = context.new_page(), url
        self.clicks = self.fields = 0

    def go(self, path):
        self.page.goto(path if "://" in path else self.url + path)

    def click(self, name, role="button"):
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def follow(self, words):
        self.clicks += 1
        self.page.get_by_role("link", name=words).first.click()

    def choose(self, words):
        self.clicks += 1
        self.page.locator("label", has_text=words).first.click()

    def type(self, label, words):
        self.fields += 1
        self.page.get_by_label(label, exact=True).fill(words)

    def see(self, words):
        self.page.get_by_text(words).first.wait_for()

    def sign_in(self, email):
        self.go("/accounts/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.get_by_role("link", name="Members").wait_for()


def told(name, *hands):
    """Runs a story and prints what its hands did meanwhile."""

    def run(story):
        before = [(hand.clicks, hand.fields) for hand in hands]
        begun = time.monotonic()
        story()
        seconds = time.monotonic() - begun
        clicks, fields = (sum(pair) for pair in zip(*((h.clicks, h.fields) for h in hands), strict=True))
        clicks, fields = clicks - sum(one for one, _ in before), fields - sum(one for _, one in before)
        print(f"{name:32} {clicks:2} clicks  {fields} fields  {seconds:5.1f} s", flush=True)

    return run


def three_papers(folder: Path) -> list[Path]:
    paths = [folder / f"{n}.pdf" for n in (1, 2, 3)]
    for n, path in enumerate(paths, 1):
        path.write_bytes(
            write_pdf(DemoPaper(f"Reading Together, Part {n}", ("Ada Lovelace",), ABSTRACT, f"arXiv:2601.0000{n}v1"))
        )
    return paths


def invited(olivia) -> str:
    olivia.go("/g/study/members/")
    olivia.page.get_by_role("button", name="Make a link").click()
    return olivia.page.locator("input[readonly]").first.input_value()


def stories(browser, house, folder: Path) -> None:
    olivia, alice, bob = Hand(browser, house.url), Hand(browser, house.url, 390), Hand(browser, house.url, 390)
    olivia.sign_in("olivia@example.org")

    def join(hand, link, name):
        hand.go(link)
        hand.type("Your name, as the group writes it", name)
        hand.type("E-mail", f"{name.lower()}@example.org")
        hand.type("Password", PASSWORD)
        hand.click("Join")
        hand.page.wait_for_url("**/g/study/")

    link = invited(olivia)
    told("join from an invitation", alice)(lambda: join(alice, link, "Alice"))
    join(bob, invited(olivia), "Bob")

    @told("upload three papers", alice)
    def upload():
        alice.click("Papers", "link")
        alice.clicks += 1
        alice.page.locator("input[type=file]").first.set_input_files(three_papers(folder))
        for n in (1, 2, 3):
            alice.page.get_by_role("link", name=f"Reading Together, Part {n}").first.wait_for()

    olivia.go("/g/study/")

    @told("plan a term", olivia)
    def plan():
        day = datetime.now(UTC).date() + timedelta(days=9)
        olivia.click("Plan the term", "link")
        olivia.type("First day", day.isoformat())
        olivia.choose("1")
        olivia.click("Publish plan")
        olivia.page.wait_for_url("**/schedule/terms/*/")

    alice.go("/g/study/")
    bob.go("/g/study/")

    @told("swap a turn, both sides", alice, bob)
    def swap():
        alice.click("My turns", "link")
        alice.follow("Swap this turn")
        alice.choose("Bob")
        alice.click("Ask")
        alice.see("Asked. Bob gets a notification")
        bob.page.reload()
        bob.follow("Answer")
        bob.click("Yes, exchange")
        bob.see("Done: the turns are changed.")

    olivia.go("/g/study/")

    @told("make the deck", olivia)
    def deck():
        olivia.click("Schedule", "link")
        olivia.follow("10:00")
        olivia.click("Report", "link")
        with olivia.page.expect_download() as arrived:
            olivia.click("Get the slides", "link")
        assert arrived.value.path().stat().st_size


def main():
    nowhere = SimpleNamespace(host="localhost", port=1)
    with (
        tempfile.TemporaryDirectory(prefix="studygroup-stories-") as folder,
        laptop(Path(folder), nowhere) as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
        stories(browser, house, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
