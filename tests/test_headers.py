"""Headers that every answer has: pages, files of ours, redirects, refusals."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "a page": "/accounts/login/",
    "a redirect": "/g/study/",
    "nothing there": "/no/such/page/",
    "the manifest": "/manifest.webmanifest",
    "the health": "/health/",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_other_site_may_load_it_and_nothing_runs_in_it(name):
    answer = Client().get(ADDRESSES[name])
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_so_has_a_static_file(settings):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    answer = Client().get("/static/css/tokens.css")
    assert (answer.status_code, answer.headers["Cross-Origin-Resource-Policy"]) == (200, "same-origin")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    b"".join(answer)


def test_so_have_a_cover_and_a_pdf(study, sign_in):
    paper = make.paper(study["group"])
    file = make.paper_file(paper)
    file.cover.save("cover.webp", ContentFile(make.webp()))
    for name in (f"{file.pk}/paper.pdf", "cover.webp"):
        answer = sign_in(study["alice"]).get(f"/g/study/papers/{paper.pk}/{name}")
        assert (answer.status_code, answer.headers["Cross-Origin-Resource-Policy"]) == (200, "same-origin")
        b"".join(answer)
