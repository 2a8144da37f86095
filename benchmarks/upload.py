"""From dropping a PDF to a readable card, and to a search that finds its last page, in the product as `up` runs it.

    python -m benchmarks.upload [--rounds 10] [--pages 30]

Each round uploads a paper that nobody has seen, of the given length, with a word of its own on the last page.
"""

import argparse
import re
import statistics
import tempfile
import time
import urllib.request
import uuid
from http.cookiejar import CookieJar
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

from fpdf import FPDF

from tests import PASSWORD
from tests.stack import laptop

POLL = 0.02  # seconds
PATIENCE = 60


class Browser:
    """Enough of one: cookies, forms and their tokens."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        with self.opener.open(self.url + path) as answer:
            return answer.read().decode(), answer.headers

    def post(self, path, body, kind="application/x-www-form-urlencoded", **headers):
        request = urllib.request.Request(self.url + path, body, {"Content-Type": kind, "Referer": self.url} | headers)
        with self.opener.open(request) as answer:
            return answer.read().decode()

    def token(self, path):
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path)[0])[1]


def paper(pages: int, title: str, word: str) -> bytes:
    """An article of so many pages of two thousand letters."""
    pdf = FPDF()
    for number in range(1, pages + 1):
        pdf.add_page()
        if number == 1:
            pdf.set_font("Times", "B", 18)
            pdf.multi_cell(0, 9, title, align="C", new_x="LMARGIN", new_y="NEXT")
            pdf.set_font("Times", size=12)
            pdf.multi_cell(0, 8, "Ada Lovelace, Charles Babbage", align="C", new_x="LMARGIN", new_y="NEXT")
            pdf.multi_cell(
                0,
                6,
                "Abstract. " + "We measure how long a reader waits for a card. " * 12,
                new_x="LMARGIN",
                new_y="NEXT",
            )
        pdf.set_font("Times", size=10)
        pdf.multi_cell(0, 5, f"Page {number} tells of engines and their programs. " * 42, new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 5, word)
    return bytes(pdf.output())


def upload(browser, token, name, data) -> None:
    edge = uuid.uuid4().hex
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    return browser.post(
        "/g/study/papers/upload/", body, f"multipart/form-data; boundary={edge}", **{"HX-Request": "true"}
    )


def until(asked) -> None:
    end = time.monotonic() + PATIENCE
    while not asked():
        if time.monotonic() > end:
            raise TimeoutError("not ready within a minute")
        time.sleep(POLL)  # as a browser asks again


def one_round(browser, token, pages) -> tuple[float, float]:
    """(seconds to a readable card, seconds to a search that finds the last page)."""
    word = "z" + uuid.uuid4().hex[:10]
    title = f"On Waiting for Cards {word[1:5]}"
    data = paper(pages, title, word)
    begun = time.monotonic()
    row = upload(browser, token, f"{word}.pdf", data)
    pk = re.search(r"/papers/(\d+)/", row)[1]
    until(lambda: "paper-read" in (browser.get(f"/g/study/papers/{pk}/row/")[1].get("HX-Trigger") or ""))
    card = time.monotonic() - begun
    until(lambda: f"/papers/{pk}/" in browser.get(f"/g/study/papers/?{urlencode({'q': word})}")[0])
    found = time.monotonic() - begun
    assert title in browser.get(f"/g/study/papers/{pk}/")[0]
    return card, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pages", type=int, default=30)
    given = parser.parse_args()
    nowhere = SimpleNamespace(host="localhost", port=1)
    with tempfile.TemporaryDirectory(prefix="studygroup-upload-") as folder, laptop(Path(folder), nowhere) as house:
        browser = Browser(house.url)
        form = {"csrfmiddlewaretoken": browser.token("/accounts/login/")}
        form |= {"login": "olivia@example.org", "password": PASSWORD}
        browser.post("/accounts/login/", urlencode(form).encode())
        token = browser.token("/g/study/papers/")
        one_round(browser, token, 1)  # the worker warms up
        cards, finds = zip(*(one_round(browser, token, given.pages) for _ in range(given.rounds)), strict=True)
    for name, seconds in (("readable card", cards), ("whole text found", finds)):
        print(f"{name}: median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s, {given.pages} pages")


if __name__ == "__main__":
    main()
