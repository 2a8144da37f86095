"""The app on a phone: Chromium finds nothing against installing it, its icons are true, and a share ends on the shelf."""

import re
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.timezone import now
from PIL import Image

from papers import processing
from papers.models import Paper
from schedule.models import Photo
from tests import make
from tests.browser.looks import broken
from tests.papers import pdfs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]
# as the browser makes a share: a page of no site, with the fields of the manifest, sent at the top of a new window
SHEET = """([address, texts, files]) => {
  const form = Object.assign(document.createElement('form'), {action: address, method: 'post', enctype: 'multipart/form-data'});
  for (const [name, value] of Object.entries(texts)) form.append(Object.assign(document.createElement('input'), {name, value}));
  const carried = new DataTransfer();
  for (const [name, base64] of files)
    carried.items.add(new File([Uint8Array.from(atob(base64), (notification) => notification.charCodeAt(0))], name, {type: 'application/pdf'}));
  const field = Object.assign(document.createElement('input'), {type: 'file', name: 'files', multiple: true});
  field.files = carried.files;
  form.append(field);
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def phone(live_server, open_page, sign_in):
    """phone(membership or None, …) -> a page 390 px wide, theirs."""

    def opened(who=None, **options):
        page = open_page(width=390, **options)
        if who:
            session = sign_in(who).cookies["sessionid"].value
            page.context.add_cookies(
                [{"name": "sessionid", "value": session, "url": live_server.url, "sameSite": "Lax"}]
            )
        page.goto(f"{live_server.url}/")
        return page

    return opened


def share(page, *files, **texts):
    """What the manifest says is done with these files and words, from a page of the app itself."""
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((it) => it.json())")
    target = manifest["share_target"]
    assert (target["method"], target["enctype"]) == ("POST", "multipart/form-data")
    fields = {target["params"][name]: value for name, value in texts.items()}
    carried = [[name, b64encode(data).decode()] for name, data in files]
    with page.expect_navigation():
        page.evaluate(SHEET, [target["action"], fields, carried])


@pytest.mark.parametrize("signed_in", [True, False])
def test_chromium_finds_nothing_against_installing_the_app(study, phone, signed_in):
    page = phone(study["alice"] if signed_in else None)
    devtools = page.context.new_cdp_session(page)
    read = devtools.send("Page.getAppManifest")
    assert (read["errors"], read["url"].endswith("/manifest.webmanifest")) == ([], True)
    errors = [one["errorId"] for one in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in errors if one != "in-incognito"] == []  # a test's window is a private one


def test_the_manifest_speaks_the_language_of_who_is_signed_in(study, phone):
    study["alice"].member.language = "ko"
    study["alice"].member.save()
    page = phone(study["alice"], locale="en-US")
    manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")["data"]
    assert re.search(r'"lang": "(\w+)"', manifest).group(1) == "ko"


def test_every_icon_is_a_picture_of_the_size_it_is_said_to_have(live_server, phone):
    page = phone()
    manifest = page.request.get(f"{live_server.url}/manifest.webmanifest").json()
    said = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    said[page.locator("link[rel=apple-touch-icon]").get_attribute("href")] = "180x180"
    for src, sizes in said.items():
        picture = Image.open(BytesIO(page.request.get(f"{live_server.url}{src}").body()))
        assert (picture.format, "{}x{}".format(*picture.size)) == ("PNG", sizes)
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_the_bar_of_the_phone_has_the_ground_of_the_page_in_either_light(phone):
    colours = []
    for scheme in ("light", "dark"):
        page = phone(color_scheme=scheme)
        metas = page.locator("meta[name=theme-color]").evaluate_all(
            "all => all.filter((one) => !one.media || matchMedia(one.media).matches).map((one) => one.content)"
        )
        ground = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()")
        assert metas == [ground]
        colours += metas
    assert colours[0] != colours[1]


def test_a_shared_pdf_becomes_a_card_in_the_group_that_is_chosen(study, phone):
    other = make.group("Second Group", slug="second")
    make.member(other, member=study["alice"].member)
    page = phone(study["alice"])
    share(page, ("bit.pdf", pdfs.bit()), title="bit.pdf")
    page.get_by_role("heading", name="Shared with your study group").wait_for()
    page.get_by_text("bit.pdf").wait_for()
    assert Paper.objects.count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert broken(page) == []
    page.get_by_label("Second Group").check()
    page.get_by_role("button", name="Add to the group").click()
    page.wait_for_url("**/g/second/papers/*/")
    page.route("**/row/**", lambda route: route.fulfill(status=204))
    page.route("**/records/**", lambda route: route.fulfill(status=204))
    page.wait_for_timeout(300)  # a question on its way is answered
    processing.read_waiting()
    paper = Paper.objects.get()
    assert (paper.group, paper.state) == (other, Paper.READY)
    page.goto(page.url.rpartition("papers/")[0] + "papers/")
    page.locator("#shelf .title", has_text=paper.title).wait_for()


def test_a_shared_link_is_added_without_a_file(study, phone, settings):
    settings.LOOK_UP = True
    page = phone(study["alice"])
    share(page, text="Implicit scenes https://arxiv.org/abs/2011.12100")
    assert page.get_by_label("Study").is_checked()
    page.get_by_role("button", name="Add to the group").click()
    page.wait_for_url("**/g/study/papers/*/")
    assert Paper.objects.get().arxiv_id == "2011.12100"


def test_who_is_not_signed_in_signs_in_first_and_the_link_is_still_there(study, phone):
    alice = study["alice"].member
    alice.set_password("correct horse battery")
    alice.save()
    page = phone()
    share(page, ("bit.pdf", pdfs.bit()))
    page.get_by_text("Sign in first, then share it once more. Nothing was kept.").wait_for()
    share(page, url="https://arxiv.org/abs/2011.12100")
    page.get_by_label("E-mail").first.fill(alice.email)
    page.get_by_label("Password").first.fill("correct horse battery")
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_text("arXiv:2011.12100").wait_for()


def test_a_share_that_the_browser_makes_carries_who_is_signed_in_and_one_of_another_site_does_not(
    live_server, study, phone, settings
):
    address = f"{live_server.url}/share/arrive/"
    page = phone(study["alice"])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    # opened by the browser and by no page, which is how a share sheet does it
    page.route(address, lambda route: route.continue_(method="POST", post_data="text=nothing", headers=headers))
    page.goto(address)
    page.get_by_text("There is no arXiv number and no DOI in this.").wait_for()
    page.unroute(address)
    page.goto("data:text/html,<title>another site</title>")
    with page.expect_navigation():
        page.evaluate(SHEET, [address, {}, [["bit.pdf", b64encode(pdfs.bit()).decode()]]])
    page.get_by_text("Sign in first, then share it once more. Nothing was kept.").wait_for()
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).rglob("*.pdf")) == []


def test_a_phone_offers_its_camera_and_its_gallery_and_a_desk_only_files(live_server, study, phone):
    session = make.session(make.term(study["group"]), now() - timedelta(minutes=10))
    for touch, offered in ((True, {"Take a photo": "environment", "Add photos": None}), (False, {"Add photos": None})):
        page = phone(study["alice"], has_touch=touch, is_mobile=touch)
        page.goto(f"{live_server.url}{session.get_absolute_url()}")
        fields = page.locator("section[aria-labelledby=photos] input[type=file]:visible")
        found = {field.get_attribute("id"): field.get_attribute("capture") for field in fields.all()}
        labels = {page.locator(f"label[for={name}]").inner_text(): capture for name, capture in found.items()}
        assert labels == offered
    page = phone(study["alice"], has_touch=True, is_mobile=True)
    page.goto(f"{live_server.url}{session.get_absolute_url()}")
    picture = BytesIO()
    Image.new("RGB", (64, 48), "#7f9aa0").save(picture, "JPEG")
    shot = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.get_by_label("Take a photo").set_input_files([shot])
    page.locator(".shot img").wait_for()
    assert Photo.objects.get().added_by == study["alice"]
