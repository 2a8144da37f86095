"""The pages about papers, as a browser asks for them."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from members.models import Membership
from papers import library, tagging
from papers.models import Paper, PaperFile, Tag, Wish
from papers.search import index
from tests import make
from tests.forms import hidden
from tests.papers import pdfs

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture
def alice(study, sign_in):
    return sign_in(study["alice"])


def at(group, rest=""):
    return f"/g/{group.slug}/papers/{rest}"


def titles(html):
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r'class="title"[^>]*>(.*?)</span>', html)]


def shelved(group, title, **fields):
    """A paper that search knows, with a file and a cover."""
    paper = make.paper(group, title, **fields)
    file = make.paper_file(paper, pdfs.sheet(f"Sheet of {paper.pk}"))
    file.cover.save("cover.webp", ContentFile(b"RIFF....WEBP"))
    index.index(paper)
    return paper


def code(answer):
    """The status of an answer that is read to its end."""
    if answer.streaming:
        list(answer)
    return answer.status_code


# ── who may ──────────────────────────────────────────────────────────────────────────────────────
def urls(paper, file):
    group = paper.group
    return {
        "GET": [
            at(group), at(group, "upload/"), at(group, "trash/"), at(group, "papers.bib"), at(group, f"{paper.pk}/"),
            at(group, f"{paper.pk}/edit/"), at(group, f"{paper.pk}/row/"),
            at(group, "paste/"), at(group, f"{paper.pk}/records/"), at(group, f"{paper.pk}/cite.bib"),
            at(group, "cite/"), at(group, "bib/"), at(group, "papers.ris"), at(group, f"{paper.pk}/cite.csl"),
            at(group, f"{paper.pk}/cover.webp"), at(group, f"{paper.pk}/{file.pk}/any name.pdf"),
        ],
        "POST": [
            at(group, "upload/"), at(group, "paste/"), at(group, "trash/empty/"), at(group, "cite/chosen/"), at(group, "bib/"), at(group, "bib/1/"), *(at(group, f"{paper.pk}/{verb}/") for verb in (
                "edit", "tags", "wish", "same", "version", "again", "trash", "restore",
            )),
        ],
    }  # fmt: skip


def test_strangers_are_asked_to_sign_in_and_outsiders_find_nothing(study, sign_in, client):
    paper = shelved(study["group"], "Secret")
    file = paper.files.get()
    removed = make.member(study["group"], "Charlie", state=Membership.REMOVED)
    left = make.member(study["group"], "Dora", state=Membership.LEFT)
    staff = make.person("Staff", is_staff=True)
    before = list(Paper.objects.values())
    for method, paths in urls(paper, file).items():
        for path in paths:
            answer = client.generic(method, path)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/login/"), path
            for who in (study["mallory"], removed, left, staff):
                assert sign_in(who).generic(method, path).status_code == 404, (path, who)
    assert list(Paper.objects.values()) == before


def test_members_and_organizers_may_open_every_page(study, sign_in):
    paper = shelved(study["group"], "Open")
    for who in (study["bob"], study["olivia"]):
        client = sign_in(who)
        codes = {path: code(client.get(path)) for path in urls(paper, paper.files.get())["GET"]}
        assert set(codes.values()) <= {200, 303}, codes


def test_a_paper_of_another_group_is_not_reached_through_mine(study, sign_in):
    theirs = shelved(study["mallory"].group, "Theirs")
    mine = shelved(study["group"], "Mine")
    client = sign_in(study["olivia"])
    group, file = study["group"], theirs.files.get()
    for path in (
        f"{theirs.pk}/",
        f"{theirs.pk}/cover.webp",
        f"{theirs.pk}/{file.pk}/x.pdf",
        f"{mine.pk}/{file.pk}/x.pdf",
    ):
        assert code(client.get(at(group, path))) == 404
    for verb in ("edit", "tags", "wish", "same", "version", "again", "trash", "restore"):
        assert client.post(at(group, f"{theirs.pk}/{verb}/"), {"title": "Stolen"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.title, theirs.deleted_at) == ("Theirs", None)


def test_pages_that_only_show_refuse_to_be_posted_to(study, alice):
    paper = shelved(study["group"], "Open")
    for path in ("", "trash/", "papers.bib", f"{paper.pk}/", f"{paper.pk}/row/", f"{paper.pk}/cite.bib"):
        assert alice.post(at(study["group"], path)).status_code == 405, path


def test_no_get_changes_anything(study, alice):
    paper = shelved(study["group"], "Still")
    before = [list(model.objects.order_by("pk").values()) for model in (Paper, PaperFile, Tag, Wish)]
    for path in urls(paper, paper.files.get())["GET"]:
        code(alice.get(path))
    for verb in ("tags", "wish", "same", "version", "trash", "restore"):
        assert alice.get(at(study["group"], f"{paper.pk}/{verb}/")).status_code in {200, 302}
    assert [list(model.objects.order_by("pk").values()) for model in (Paper, PaperFile, Tag, Wish)] == before


def test_only_who_added_a_paper_and_organizers_throw_it_away(study, sign_in):
    paper = shelved(study["group"], "Bob's", by=study["bob"])
    assert sign_in(study["alice"]).post(at(study["group"], f"{paper.pk}/trash/")).status_code == 404
    assert Paper.objects.kept().count() == 1
    for _twice in range(2):
        assert sign_in(study["bob"]).post(at(study["group"], f"{paper.pk}/trash/")).status_code == 303
    assert Paper.objects.kept().count() == 0
    assert sign_in(study["alice"]).post(at(study["group"], f"{paper.pk}/restore/")).status_code == 303
    assert Paper.objects.kept().count() == 1
    sign_in(study["olivia"]).post(at(study["group"], f"{paper.pk}/trash/"))
    assert sign_in(study["alice"]).post(at(study["group"], f"{paper.pk}/restore/")).status_code == 404
    assert sign_in(study["olivia"]).post(at(study["group"], f"{paper.pk}/restore/")).status_code == 303


# ── the library ──────────────────────────────────────────────────────────────────────────────────
def test_an_empty_shelf_says_what_to_do(study, alice):
    page = alice.get(at(study["group"])).content.decode()
    assert "The shelf is empty" in page and 'type="file"' in page


def test_the_shelf_is_searched_filtered_and_sorted_by_its_address(study, alice):
    group, moment = study["group"], now()
    term = make.term(group)
    planned = shelved(group, "Planned net", year=2020, by=study["bob"])
    presented = shelved(group, "Presented net", year=2021)
    wished = shelved(group, "Wished", year=2020)
    draft = shelved(group, "In a draft", confidences={"title": 0.2})
    make.presentation(make.session(term, moment + timedelta(days=3)), study["bob"], paper=planned)
    make.presentation(make.session(term, moment - timedelta(days=3)), study["bob"], paper=presented)
    for days in (9, -9):  # turns without a paper hide none
        make.presentation(make.session(term, moment + timedelta(days=days)), study["bob"])
    make.presentation(make.session(make.term(group, published=False)), study["bob"], paper=draft)
    library.wish(wished, by=study["alice"])
    tagging.tag(wished, ["NeRF"])
    library.trash(shelved(group, "Thrown net"), by=study["olivia"])

    def shown(**asked):
        return titles(alice.get(at(group), asked).content.decode())

    assert shown() == ["In a draft", "Wished", "Presented net", "Planned net"]
    assert shown(sort="title") == ["In a draft", "Planned net", "Presented net", "Wished"]
    assert shown(q="net") == ["Presented net", "Planned net"]
    assert shown(q="net", year="2020") == ["Planned net"]
    assert shown(state="planned") == ["Planned net"]
    assert shown(state="presented") == ["Presented net"]
    assert shown(state="wished") == ["Wished"]
    assert shown(state="check") == ["In a draft"]
    assert shown(tag=str(group.tags.get().pk)) == ["Wished"]
    assert shown(by=str(study["bob"].pk)) == ["Planned net"]
    assert shown(view="list", q="zzz") == []


def test_counts_stand_beside_the_words(study, alice):
    tagging.tag(shelved(study["group"], "One"), ["NeRF"])
    shelved(study["group"], "Two", state=Paper.UNREADABLE)
    page = re.sub(r"\s+", " ", alice.get(at(study["group"])).content.decode())
    counts = dict(re.findall(r'class="pick"[^>]*>(\w[\w ]*?) <span class="num">(\d+)</span>', page))
    assert counts == {"All": "2", "please check": "1", "NeRF": "1"}


@pytest.mark.parametrize("asked", ["page=99", "page=x", "tag=x", "tag=99999999999999999999", "year=-1", "by=0", "sort=;drop", "state=x", "q=%00", "view=x", "q=" + "a" * 5000])  # fmt: skip
def test_any_address_gets_an_answer(study, alice, asked):
    shelved(study["group"], "One")
    assert alice.get(at(study["group"]) + "?" + asked).status_code == 200


def test_fifty_papers_a_page(study, alice):
    Paper.objects.bulk_create(Paper(group=study["group"], title=f"Paper {n:03}", state=Paper.READY) for n in range(120))
    pages = [titles(alice.get(at(study["group"]), {"page": n, "sort": "title"}).content.decode()) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert sum(pages, []) == [f"Paper {n:03}" for n in range(120)]


def test_hits_are_marked_on_the_shelf(study, alice):
    shelved(study["group"], "ResNet & others", abstract="Nothing.")
    found = shelved(study["group"], "Other", abstract="A deep network.")
    index.index(found)
    page = alice.get(at(study["group"]), {"q": "net"}).content.decode()
    assert "Res<mark>Net</mark> &amp; others" in page
    assert "abstract … A deep <mark>net</mark>work. …" in page


def test_htmx_gets_the_shelf_alone_from_the_same_address(study, alice):
    shelved(study["group"], "One")
    whole = alice.get(at(study["group"]), {"q": "one"})
    part = alice.get(at(study["group"]), {"q": "one"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip() in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"] and "HX-Request" in whole.headers["Vary"]


@pytest.mark.parametrize("path", ["", "?q=net&view=list", "?state=check&sort=title", "trash/"])
def test_list_pages_ask_the_database_as_often_for_thirty_papers_as_for_one(study, alice, path):
    group = study["group"]

    def fill(numbers):
        term = make.term(group)
        for n in numbers:
            paper = shelved(group, f"A net {n}", by=study["bob"], confidences={"title": 0.1})
            tagging.tag(paper, [f"tag {n}"])
            library.wish(paper, by=study["bob"])
            make.presentation(make.session(term), study["bob"], paper=paper)
            if path == "trash/":
                library.trash(paper, by=study["bob"])

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert alice.get(at(group) + path).status_code == 200
        return len(caught)

    fill(range(1))
    alice.get(at(group) + path)
    one = queries()
    fill(range(1, 30))
    assert (one, queries()) == (one, one)
    assert one <= 10


# ── a paper's page ───────────────────────────────────────────────────────────────────────────────
def test_every_field_says_where_it_came_from(study, alice):
    paper = shelved(
        study["group"], "GIRAFFE", year=2021, authors=["Michael Niemeyer"], abstract="Deep.", doi="10.1/x",
        sources={"title": "page", "authors": f"typed:{study['bob'].pk}", "year": "typed:99999", "abstract": "page"},
    )  # fmt: skip
    page = alice.get(at(study["group"], f"{paper.pk}/")).content.decode()
    lines = re.findall(r"<dt>(.*?)</dt>.*?class=\"src\">(.*?)</dd>", page, re.DOTALL)
    assert [(name, " ".join(source.split())) for name, source in lines] == [
        ("Title", "from the page"),
        ("Authors", "typed by Bob"),
        ("Year", "typed by a former member"),
        ("Venue", "empty"),
        ("DOI", "from the page"),
        ("arXiv", "empty"),
    ]


def test_a_doubtful_value_is_asked_about_and_settled_by_one_answer(study, alice):
    paper = shelved(study["group"], "GIRAFFE", year=2020, sources={"year": "page"}, confidences={"year": 0.4})
    path = at(study["group"], f"{paper.pk}/")
    assert "Is it right?" in alice.get(path).content.decode()
    asked = hidden(alice, path, path + "edit/?only=year")
    wrong = alice.post(path + "edit/?only=year", asked | {"year": "20"})
    assert wrong.status_code == 422 and "A year between" in wrong.content.decode()
    assert alice.post(path + "edit/?only=year", asked | {"year": "2020", "title": "Smuggled"}).status_code == 303
    paper.refresh_from_db()
    assert (paper.year, paper.title, paper.sources, paper.confidences) == (
        2020, "GIRAFFE", {"year": f"typed:{study['alice'].pk}"}, {},
    )  # fmt: skip
    assert "Is it right?" not in alice.get(path).content.decode()


def test_the_card_is_edited_and_only_what_changed_is_marked_as_typed(study, alice):
    paper = shelved(study["group"], "Girafe", year=2020, authors=["M. N."], sources={"title": "page", "year": "page"})
    path = at(study["group"], f"{paper.pk}/edit/")
    assert 'name="abstract"' in alice.get(path).content.decode()
    typed = {"title": "GIRAFFE", "authors": "M. N.", "year": "2020", "state": "new", "group": "1", "added_by": "1"}
    for _twice in range(2):
        assert alice.post(path, hidden(alice, path, path) | typed).status_code == 303
    paper.refresh_from_db()
    assert (paper.title, paper.year, paper.state, paper.authors) == ("GIRAFFE", 2020, Paper.READY, ["M. N."])
    assert paper.sources == {"title": f"typed:{study['alice'].pk}", "year": "page"}


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(study, alice):
    paper = shelved(study["group"], "GIRAFFE")
    path = at(study["group"], f"{paper.pk}/edit/")
    answer = alice.post(path, hidden(alice, path, path) | {"title": "", "venue": "CVPR", "year": "12"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give the paper a title." in page and "A year between 1450" in page and 'value="CVPR"' in page


def test_three_ways_on_when_a_paper_may_be_here_already(study, alice, sign_in):
    here = shelved(study["group"], "Attention")
    twin = shelved(study["group"], "Attention.", looks_like=here, by=study["alice"])
    path = at(study["group"], f"{twin.pk}/")
    page = alice.get(path).content.decode()
    assert all(words in page for words in ("Is this paper here twice?", "Open it", "Add as new version", "Keep both"))
    assert alice.post(path + "same/", {"answer": "both"}).headers["Location"] == path
    twin.refresh_from_db()
    assert twin.looks_like is None
    Paper.objects.filter(pk=twin.pk).update(looks_like=here)
    assert 'value="version"' not in sign_in(study["bob"]).get(path).content.decode()
    assert sign_in(study["bob"]).post(path + "same/", {"answer": "version"}).status_code == 404
    joined = alice.post(path + "same/", {"answer": "version"})
    assert joined.headers["Location"] == at(study["group"], f"{here.pk}/")
    assert (here.files.count(), Paper.objects.filter(pk=twin.pk).exists()) == (2, False)
    assert alice.post(path + "same/", {"answer": "version"}).status_code == 404


def test_wishes_and_tags_from_the_page(study, alice):
    paper = shelved(study["group"], "GIRAFFE")
    path = at(study["group"], f"{paper.pk}/")
    for _twice in range(2):
        alice.post(path + "wish/", {"note": "Compositional scenes!"})
        alice.post(path + "tags/", {"tags": "3D, NeRF, nerf,, "})
    page = alice.get(path).content.decode()
    assert [w.note for w in Wish.objects.all()] == ["Compositional scenes!"]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["3D", "NeRF"]
    assert "Compositional scenes!" in page and "Take my wish back" in page
    alice.post(path + "wish/", {"withdraw": "1"})
    assert Wish.objects.count() == 0


def test_turns_stand_on_the_page_but_no_draft_and_nothing_cancelled(study, alice):
    group, moment = study["group"], now()
    paper = shelved(group, "GIRAFFE")
    term = make.term(group)
    make.presentation(make.session(term, moment - timedelta(days=9), place="A café"), study["bob"], paper=paper)
    make.presentation(make.session(term, state="cancelled", place="Nowhere"), study["bob"], paper=paper)
    make.presentation(make.session(make.term(group, published=False), place="Undecided"), study["bob"], paper=paper)
    page = alice.get(at(group, f"{paper.pk}/")).content.decode()
    assert "Where it was presented" in page and "presented by Bob" in page and "A café" in page
    assert "Nowhere" not in page and "Undecided" not in page


def test_throwing_away_can_be_undone(study, sign_in):
    paper = shelved(study["group"], "GIRAFFE", by=study["bob"])
    bob = sign_in(study["bob"])
    page = bob.post(at(study["group"], f"{paper.pk}/trash/"), follow=True).content.decode()
    undo = at(study["group"], f"{paper.pk}/restore/")
    assert f'action="{undo}"' in page and "is in the trash" in page
    assert "GIRAFFE" in bob.get(at(study["group"], "trash/")).content.decode()
    bob.post(undo)
    assert titles(bob.get(at(study["group"])).content.decode()) == ["GIRAFFE"]


def test_markup_that_people_type_is_shown_as_they_typed_it(study, sign_in):
    group = study["group"]
    paper = shelved(group, XSS, authors=[XSS], abstract=XSS, venue=XSS, doi=XSS, arxiv_id=XSS[:40], reason=XSS[:30], state=Paper.UNREADABLE, sources={"title": XSS}, looks_like=shelved(group, XSS))  # fmt: skip
    paper.files.update(name=XSS, active_content=[XSS])
    tagging.tag(paper, [XSS])
    library.wish(paper, by=study["bob"], note=XSS)
    client = sign_in(study["olivia"])
    pages = [
        "",
        "?q=script",
        f"?q={XSS}",
        "?view=list",
        f"{paper.pk}/",
        f"{paper.pk}/edit/",
        f"{paper.pk}/row/",
        "trash/",
    ]
    for path in pages:
        page = client.get(at(group, path)).content.decode()
        assert "<img src=x" not in page and "<script>alert" not in page, path
    assert "&lt;img src=x" in client.get(at(group, f"{paper.pk}/")).content.decode()


def test_bibtex_of_one_and_of_all(study, alice):
    shelved(study["group"], "GIRAFFE", authors=["Michael Niemeyer"], year=2021)
    paper = shelved(study["group"], "BiT", authors=["Alexander Kolesnikov"], year=2020)
    library.trash(shelved(study["group"], "Thrown"), by=study["olivia"])
    one, every = alice.get(at(study["group"], f"{paper.pk}/cite.bib")), alice.get(at(study["group"], "papers.bib"))
    assert "@misc{kolesnikov2020bit," in one.content.decode()
    assert re.findall(r"@misc\{(\w+),", every.content.decode()) == ["niemeyer2021giraffe", "kolesnikov2020bit"]
    assert one.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
