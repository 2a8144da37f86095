"""The report as another program draws it: LibreOffice makes a PDF of it, and the PDF is read."""

import re
import shutil
import subprocess
from datetime import timedelta

import pypdfium2
import pytest
from django.utils.timezone import now
from django.utils.translation import override

from schedule import demo
from schedule.models import Session
from schedule.reports.deck import pptx
from schedule.reports.slides import report
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.servers]
UGLY = "A title of three hundred letters that goes on and on " * 6
MIXED = "한국어와 English와 漢字と日本語 그리고 Ünïcödé — 섞어 쓴 초록. "


def of_the_demo_group() -> Session:
    group = demo.fill(now())
    return group.terms.get().sessions.get(number=2)


def of_the_ugliest_data() -> Session:
    group = make.group("이름이 아주 긴 컴퓨터 비전 논문 읽기 스터디 그룹 " * 2, slug="ugly")
    session = make.session(
        make.term(group, place="서울특별시 동작구 상도로 369 정보과학관 지하 1층 세미나실"), now() - timedelta(hours=1)
    )
    paper = make.paper(
        group, UGLY[:300], authors=[f"Author Number {n}" for n in range(20)], abstract=(MIXED * 200)[:5000]
    )
    for n in range(3):
        who = make.member(group, f"이름이 꽤 긴 발표자 {n} Maximilian-Alexander", language="ko")
        make.presentation(session, who, paper=paper, shared_at=session.starts_at, minutes="- 할 말\n" * 3 if n else "")
    return session


def drawn(decks: dict[str, bytes], folder) -> dict[str, list[str]]:
    """{name: the text of each page}, of all decks by one LibreOffice; every page has the size of a slide."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("no LibreOffice on this machine")
    for name, data in decks.items():
        (folder / f"{name}.pptx").write_bytes(data)
    own = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice, own, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *(f"{folder}/{name}.pptx" for name in decks)], check=True, capture_output=True, timeout=180
    )
    found = {}
    for name in decks:
        with pypdfium2.PdfDocument(folder / f"{name}.pdf") as pdf:
            pages = [pdf[number] for number in range(len(pdf))]
            assert {tuple(round(side) for side in page.get_size()) for page in pages} == {(960, 540)}
            found[name] = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    return found


def _without_spaces(text):
    return re.sub(r"\s+", "", text)


def test_libreoffice_draws_every_slide_with_every_letter(tmp_path):
    sessions = {"demo": of_the_demo_group(), "ugly": of_the_ugliest_data()}
    reports, decks = {}, {}
    for language in ("ko", "en"):
        with override(language):
            for name, session in sessions.items():
                reports[f"{name}-{language}"] = made = report(session, now())
                decks[f"{name}-{language}"] = pptx(made)
    for name, pages in drawn(decks, tmp_path).items():
        slides = reports[name].slides
        assert len(pages) == len(slides)
        for slide, page in zip(slides, pages, strict=True):
            assert "\ufffd" not in page and "\uffff" not in page
            wanted = slide.heading or slide.title
            assert _without_spaces(wanted)[:12] in _without_spaces(page), (name, slide.kind)
            if slide.paper:
                assert _without_spaces(str(slide.presenter))[:10] in _without_spaces(page)
    kinds = [slide.kind for slide in reports["demo-ko"].slides]
    assert kinds == ["title", "members", "plan", "paper", "paper", "next"]  # the order of the first group's own deck
