"""Pages travel compressed; a file that is asked for in parts does not."""

import gzip

import pytest

from tests import make
from tests.papers import pdfs

pytestmark = pytest.mark.django_db
ASKED = {"Accept-Encoding": "gzip"}


def test_a_page_is_compressed_for_those_who_can_read_it_and_of_another_length_each_time(study, sign_in):
    alice = sign_in(study["alice"])
    answers = [alice.get("/g/study/papers/", headers=ASKED) for _ in range(12)]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert "Accept-Encoding" in answers[0].headers["Vary"]
    assert gzip.decompress(answers[0].content).startswith(b"<!doctype html>")
    assert len({len(answer.content) for answer in answers}) > 1
    assert "Content-Encoding" not in alice.get("/g/study/papers/").headers


def test_a_part_of_a_pdf_arrives_byte_for_byte(study, sign_in):
    data = pdfs.bit()
    file = make.paper_file(make.paper(study["group"], "BiT"), data=data)
    address = f"/g/study/papers/{file.paper_id}/{file.pk}/bit.pdf"
    for asked, bytes_ in (({"Range": "bytes=10-999"}, data[10:1000]), ({}, data)):
        answer = sign_in(study["alice"]).get(address, headers=ASKED | asked)
        assert (answer.getvalue(), "Content-Encoding" in answer.headers) == (bytes_, False)
