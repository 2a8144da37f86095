"""A PDF reaches a member's browser as a PDF and as nothing else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from papers.files import file_name
from tests import make

pytestmark = pytest.mark.django_db
DATA = b"%PDF-1.7 " + bytes(range(256)) * 1000


@pytest.fixture
def ask(study, sign_in):
    paper = make.paper(study["group"], "GIRAFFE: 장면", year=2021)
    file = make.paper_file(paper, DATA, name="발표자료 (최종).pdf")
    file.cover.save("cover", ContentFile(b"RIFF0000WEBP"))
    client = sign_in(study["alice"])

    def get(path="file", **headers):
        address = {
            "file": f"/g/study/papers/{paper.pk}/{file.pk}/x.pdf",
            "download": f"/g/study/papers/{paper.pk}/{file.pk}/x.pdf?download",
            "cover": f"/g/study/papers/{paper.pk}/cover.webp",
        }[path]
        answer = client.get(address, headers=headers)
        body = b"".join(answer) if answer.streaming else answer.content
        return answer, body

    get.file = file
    return get


def test_a_pdf_is_shown_whole_with_headers_that_keep_it_a_pdf(ask):
    answer, body = ask()
    assert (answer.status_code, body) == (200, DATA)
    headers = {name: answer.headers[name] for name in (
        "Content-Type", "Content-Length", "Accept-Ranges", "X-Content-Type-Options", "Cache-Control",
        "Cross-Origin-Resource-Policy", "ETag",
    )}  # fmt: skip
    assert headers == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(DATA)),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{ask.file.sha256}"',
    }
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_its_name_reaches_every_script(ask):
    assert ask()[0].headers["Content-Disposition"] == (
        "inline; filename*=utf-8''GIRAFFE%20%EC%9E%A5%EB%A9%B4%20%282021%29.pdf"
    )
    assert ask("download")[0].headers["Content-Disposition"].startswith("attachment; filename*=utf-8''GIRAFFE")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=256000-", 256000, len(DATA) - 1), ("bytes=-9", len(DATA) - 9, len(DATA) - 1), ("bytes=5-99999999", 5, len(DATA) - 1), ("bytes=-99999999", 0, len(DATA) - 1)],
)  # fmt: skip
def test_a_part_is_handed_out_as_asked(ask, asked, first, last):
    answer, body = ask(Range=asked)
    assert (answer.status_code, body) == (206, DATA[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=20-10", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(ask, asked):
    answer, body = ask(Range=asked)
    assert (answer.status_code, answer.headers["Content-Range"], body) == (416, f"bytes */{len(DATA)}", b"")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=a-b", ""])
def test_what_is_no_single_range_gets_the_whole(ask, asked):
    answer, body = ask(Range=asked)
    assert (answer.status_code, body) == (200, DATA)


def test_a_browser_that_has_it_is_told_so(ask):
    etag = ask()[0].headers["ETag"]
    assert (ask(**{"If-None-Match": etag})[0].status_code, ask(**{"If-None-Match": etag})[1]) == (304, b"")
    assert ask(Range="bytes=0-3", **{"If-Range": etag})[0].status_code == 206
    assert ask(Range="bytes=0-3", **{"If-Range": '"another"'})[0].status_code == 200
    cover = ask("cover")[0]
    assert (cover.headers["Content-Type"], cover.headers["Cache-Control"]) == ("image/webp", "private, max-age=86400")
    assert ask("cover", **{"If-None-Match": cover.headers["ETag"]})[0].status_code == 304


def test_a_file_that_is_gone_from_storage_is_not_found(ask):
    default_storage.delete(ask.file.file.name)
    default_storage.delete(ask.file.cover.name)
    assert [ask()[0].status_code, ask(Range="bytes=0-3")[0].status_code, ask("cover")[0].status_code] == [404, 404, 404]


@pytest.mark.parametrize(
    ("title", "year", "called", "name"),
    [
        ("GIRAFFE: Scenes", 2021, "x.pdf", "GIRAFFE Scenes (2021)"),
        ("", None, "발표자료 (최종).PDF", "발표자료 (최종)"),
        ("../../etc/passwd", None, "x", "etc passwd"),
        ("a\r\nSet-Cookie: b", None, "x", "a Set-Cookie b"),
        ("...", None, "x", "paper"),
        ("가" * 400, None, "x", "가" * 66),
    ],
)
def test_a_file_is_called_by_its_title(title, year, called, name):
    paper = make.Paper(title=title, year=year)
    assert file_name(paper, make.PaperFile(name=called)) == name


def test_a_page_can_name_every_paper(study, sign_in):
    for title in ("100% & <b>", "a/b\\c?d#e", "..", "%2e%2e", "줄\n바꿈", "x" * 500):
        paper = make.paper(study["group"], title)
        make.paper_file(paper, DATA)
        page = sign_in(study["alice"]).get(f"/g/study/papers/{paper.pk}/")
        assert page.status_code == 200 and f"/{paper.latest.pk}/" in page.content.decode()
