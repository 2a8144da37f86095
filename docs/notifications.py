"""python3 docs/notifications.py FOLDER: every kind of notification as its reader gets it, as pictures and as text, to be looked at.

In both languages, light and dark, 700 and 390 pixels wide. Says so if one has to be scrolled sideways.
Needs Chromium and the test packages; works on a database of its own in the folder.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import product
from pathlib import Path

ROOT, OUT = Path(__file__).resolve().parent.parent, Path(sys.argv[1]).resolve()
sys.path.insert(0, str(ROOT))
os.environ |= {"DATA_DIR": str(OUT / "data"), "DJANGO_SETTINGS_MODULE": "studygroup.settings", "DATABASE_URL": ""}
os.environ |= {"SITE_URL": "https://study.example.org", "SECRET_KEY": ""}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from papers import library, processing  # noqa: E402
from papers.demo_pdf import write_pdf  # noqa: E402
from schedule.demo import FRONTS  # noqa: E402
from schedule.models import Notification  # noqa: E402
from schedule.notifications import rendering  # noqa: E402
from schedule.notifications.snapshot import with_related  # noqa: E402
from schedule.planning.swaps import offers  # noqa: E402
from studygroup.translations import compile_catalogues  # noqa: E402
from tests import make  # noqa: E402
from tests.browser.conftest import ARGS, chromium_path  # noqa: E402

MEETS = datetime(2027, 3, 16, 1, tzinfo=UTC)
# how long before the session each goes out
BEFORE = {
    Notification.CHOOSE: 14,
    Notification.SHARE_SOON: 8,
    Notification.SHARE_TODAY: 7,
    Notification.OVERDUE: 5,
    Notification.OVERDUE_ORGANIZER: 5,
}
BEFORE |= {Notification.PAPERS: 7, Notification.LATE: 4, Notification.TOMORROW: 1}
OF_A_TURN = {*BEFORE, Notification.ASSIGNED, Notification.RELIEVED, Notification.OPEN} - {
    Notification.PAPERS,
    Notification.TOMORROW,
}
WAS = {
    Notification.MOVED: (MEETS - timedelta(days=1, hours=2)).isoformat(),
    Notification.PLACE: "숭실대 정보과학관 201호",
}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    compile_catalogues()
    call_command("migrate", verbosity=0)
    session, people = world()
    pages = list(written(session, people))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
        for (name, html), width, scheme in product(pages, (700, 390), ("light", "dark")):
            page = browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
            page.set_content(html)
            page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"{name} at {width} pixels has to be scrolled sideways")
            page.close()
        browser.close()
    print(f"{len(pages)} notifications in {OUT}")


def world():
    """Two have shared, one has not; a second session with everybody's next turns."""
    group = make.group("CV Reading Study 1", club="CUAI", language="ko")
    names = ("김민규", "김지욱", "이하윤", "Charlie")
    mingyu, jiwook, hayun, charlie = people = [make.member(group, name, language="ko") for name in names]
    mingyu.role = "organizer"
    mingyu.save()
    term = make.term(group, "2027 봄 학기", published_at=MEETS - timedelta(days=60), place="상도역 근처 카페")
    session = make.session(term, MEETS, notes="세 편을 읽었어요. 다음에는 **위키**에 정리해요.")
    later = make.session(term, MEETS + timedelta(days=14))
    for who, (name, front) in zip((jiwook, mingyu), FRONTS, strict=False):
        paper = library.add_paper(BytesIO(write_pdf(front)), group=group, by=who, name=name).paper
        processing.read(paper)
        said = "- 어디를 보고 판단하는지 그림으로 보여 준다\n- 할 일: 우리 데이터로 해 보기"
        make.presentation(session, who, paper=paper, shared_at=MEETS - timedelta(days=9), minutes=said)
    mine = make.presentation(session, hayun)
    for who in (mingyu, jiwook, charlie):
        make.presentation(later, who)
    at = MEETS - timedelta(days=10)
    swap = offers.ask(mine, by=hayun, now=at, taker=charlie, wanted=later, message="그 주에 시험이 있어요.")
    for kind in (Notification.SWAP_ACCEPTED, Notification.SWAP_DECLINED, Notification.SWAP_UNDONE):
        make.notification(session, hayun, kind, about=hayun, swap=swap, dedupe_key=swap.pk)
    return session, people


def written(session, people):
    """(name, page) of each kind in each language; its text lies beside it."""
    mingyu, jiwook, hayun, _charlie = people
    for kind, _label in Notification.KINDS:
        row = Notification.objects.filter(kind=kind).first()
        if row is None:
            about = jiwook if kind == Notification.LATE else hayun if kind in OF_A_TURN else None
            to = mingyu if kind in {Notification.OVERDUE_ORGANIZER, Notification.OPEN} else hayun
            row = make.notification(session, to, kind, about=about, was=WAS.get(kind, ""))
        for language, zone in (("ko", "Asia/Seoul"), ("en", "Europe/Berlin")):
            notification = with_related(Notification.objects.filter(pk=row.pk)).get()
            notification.recipient.member.language, notification.recipient.member.timezone = language, zone
            mail = rendering.compose(notification, MEETS - timedelta(days=BEFORE.get(kind, 6), hours=1))
            name = f"{kind}-{language}"
            (OUT / f"{name}.txt").write_text(f"Subject: {mail.subject}\nFrom: {mail.from_email}\n\n{mail.body}")
            yield name, rendering.as_page(mail)


if __name__ == "__main__":
    main()
