"""A presenter shares a paper for a turn: by dropping it, by choosing one that is here, and without any script."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from papers.demo_pdf import DemoPaper, write_pdf
from papers.models import Paper
from schedule.models import Presentation
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def turn(study):
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=10))
    return make.presentation(session, study["alice"])


@pytest.fixture
def pdf(tmp_path):
    front = DemoPaper("Grad-CAM", ("Ramprasaath R. Selvaraju",), "We propose a technique.", "arXiv:1610.02391v4", "")
    path = tmp_path / "grad-cam.pdf"
    path.write_bytes(write_pdf(front))
    return path


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_no_paper_is_refused_in_place_and_a_paper_is_shared(
    open_page, live_server, study, turn, pdf, tmp_path, width
):
    page = open_page(width=width, locale="en-GB")
    signed_in(page, live_server, study["alice"])
    page.goto(f"{live_server.url}/g/study/schedule/{turn.session.pk}/")
    page.get_by_role("link", name="Share a paper", exact=True).click()
    page.wait_for_url("**/share/")  # loaded: the scripts stand ready
    essay = tmp_path / "essay.pdf"
    essay.write_text("just words")
    page.set_input_files("#file", essay)
    page.get_by_role("alert").get_by_text("This is not a PDF.").wait_for()
    page.set_input_files("#file", pdf)
    page.get_by_text("Shared. Everybody can read it now.").wait_for()
    assert page.url == f"{live_server.url}{turn.session.get_absolute_url()}"
    assert (Paper.objects.count(), Presentation.objects.get().paper) == (1, Paper.objects.get())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_the_form_does_the_same(open_page, live_server, study, turn, pdf):
    page = open_page(java_script_enabled=False, locale="en-GB")
    signed_in(page, live_server, study["alice"])
    page.goto(f"{live_server.url}/g/study/schedule/turns/{turn.pk}/share/")
    page.set_input_files("#file", pdf)
    page.get_by_role("button", name="Upload and share").click()
    page.get_by_text("Shared. Everybody can read it now.").wait_for()
    assert Presentation.objects.get().paper == Paper.objects.get()


def test_a_paper_is_proposed_and_others_show_interest(open_page, live_server, study, pdf):
    page = open_page(locale="en-GB")
    signed_in(page, live_server, study["alice"])
    page.goto(f"{live_server.url}/g/study/schedule/wishes/")
    page.set_input_files("#file", pdf)
    page.get_by_label("Why we should read it").fill("Let us look inside.")
    page.get_by_role("button", name="Propose it").click()
    page.get_by_text("Proposed. Others can now show interest.").wait_for()
    page.get_by_text("Let us look inside.").wait_for()
    other = open_page(locale="en-GB")
    signed_in(other, live_server, study["bob"])
    other.goto(f"{live_server.url}/g/study/schedule/wishes/")
    other.get_by_role("button", name="I am interested").click()
    other.get_by_role("button", name="No longer interested").wait_for()
    assert sorted(w.membership.member.name for w in Paper.objects.get().wishes.all()) == ["Alice", "Bob"]
