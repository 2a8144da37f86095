"""Search means the same on SQLite and on PostgreSQL: this file runs on both."""

import pytest
from django.db import connection

from papers import library, tagging
from papers.models import Paper, PaperText
from papers.search import index
from tests import make

pytestmark = pytest.mark.django_db


def with_text(paper, text):
    index.index(paper, index.body_fields(text))


@pytest.fixture
def shelf():
    group = make.group()
    papers = {
        "resnet": make.paper(group, "ResNet in ResNet", authors=["Kaiming He"], abstract="Residual learning."),
        "bit": make.paper(
            group, "Big Transfer (BiT)", authors=["Alexander Kolesnikov"], abstract="A deep net transfers."
        ),
        "korean": make.paper(
            group, "트랜스포머에 대한 논문을 읽는 법", authors=["김민규"], abstract="초록이 여기 있다."
        ),
        "gomez": make.paper(group, "Attention", authors=["Aidan N. Gómez"], abstract='100% "quoted" <b>text</b>.'),
    }
    for paper in papers.values():
        index.index(paper)
    with_text(papers["gomez"], "First page.\fOn the second page a convnet is compared with 강화학습 methods.")
    return group, papers


def found(group, query):
    return [paper.title for paper in index.search(group.papers.all(), query)]


def test_a_piece_of_a_word_is_found(shelf):
    group, _ = shelf
    assert found(group, "esne") == ["ResNet in ResNet"]
    assert found(group, "논문") == ["트랜스포머에 대한 논문을 읽는 법"]
    assert found(group, "논") == ["트랜스포머에 대한 논문을 읽는 법"]
    assert found(group, "을") == ["트랜스포머에 대한 논문을 읽는 법"]
    assert found(group, "트랜스포머") == ["트랜스포머에 대한 논문을 읽는 법"]
    assert found(group, "transferring") == []
    assert found(group, "kolesnikov") == ["Big Transfer (BiT)"]
    assert found(group, "강화학습") == ["Attention"]


def test_the_nearest_comes_first_title_then_card_then_text(shelf):
    assert found(shelf[0], "net") == ["ResNet in ResNet", "Big Transfer (BiT)", "Attention"]


def test_every_word_must_be_found_but_anywhere(shelf):
    group, _ = shelf
    assert found(group, "big kolesnikov net") == ["Big Transfer (BiT)"]
    assert found(group, "big kaiming") == []
    assert found(group, "gomez convnet") == ["Attention"]


def test_accents_width_and_case_do_not_matter(shelf):
    assert found(shelf[0], "GÓMEZ") == found(shelf[0], "ｇomez") == ["Attention"]


@pytest.mark.parametrize(
    "query", ["++", '"', "'", "a'b:*", "* OR *", "NEAR(a b)", "\\", "%", "-net", "{title}", "()", "&|!"]
)
def test_no_sign_is_a_command(shelf, query):
    assert found(shelf[0], query) in (
        [],
        found(shelf[0], "net"),
        found(shelf[0], "title"),
        found(shelf[0], "or"),
        found(shelf[0], "a b"),
    )


def test_nothing_asked_is_everything(shelf):
    assert len(found(shelf[0], "")) == len(found(shelf[0], "  ")) == 4


def test_other_groups_are_not_searched(shelf):
    assert found(make.group(), "net") == []


def test_what_changes_or_goes_is_found_no_more(shelf):
    group, papers = shelf
    alice = make.member(group)
    library.edit(papers["resnet"], by=alice, changes={"title": "Deep Residual Learning"})
    assert found(group, "resnet") == []
    assert found(group, "deep residual") == ["Deep Residual Learning"]
    papers["bit"].delete()
    assert found(group, "kolesnikov") == []


def test_tags_and_years_are_found(shelf):
    group, papers = shelf
    tagging.tag(papers["resnet"], ["해석 가능성"])
    library.edit(papers["resnet"], by=make.member(group), changes={"year": 2016})
    assert found(group, "가능성") == found(group, "2016") == ["ResNet in ResNet"]


def test_a_word_past_the_sixteen_thousandth_is_found():
    paper = make.paper(title="Long")
    with_text(paper, " ".join(f"word{n}x" for n in range(20_000)) + " needleword")
    assert found(paper.group, "needle") == ["Long"]
    assert found(paper.group, "word19999x") == ["Long"]


def test_a_text_of_every_script_and_a_megabyte_is_indexed():
    paper = make.paper(title="Any")
    body = "".join(chr(0x4E00 + n % 20_000) for n in range(300_000)) + " ªº½ x1e5 3.14e10 a_b ΑΒΓς ไทย हिन्दी 😀 \u0e33"
    with_text(paper, body)
    assert PaperText.objects.get(paper=paper).body == body
    assert found(paper.group, "一丁") == ["Any"]


def test_hits_are_marked_and_everything_else_is_escaped(shelf):
    assert index.highlight("ResNet & <net>", "net") == "Res<mark>Net</mark> &amp; &lt;<mark>net</mark>&gt;"
    assert index.highlight("<script>", "") == "&lt;script&gt;"
    assert index.highlight("논문을 읽다", "논문") == "<mark>논문</mark>을 읽다"


def test_a_hit_that_the_title_does_not_show_is_quoted_with_its_place(shelf):
    group, papers = shelf
    assert index.snippet(papers["resnet"], "resnet") is None
    assert index.snippet(papers["bit"], "net") == ("abstract", "A deep <mark>net</mark> transfers.")
    gomez = Paper.objects.select_related("text").get(pk=papers["gomez"].pk)
    place, words = index.snippet(gomez, "convnet")
    assert (place, str(words)) == (
        "page 2",
        "On the second page a <mark>convnet</mark> is compared with 강화학습 methods.",
    )
    assert index.snippet(papers["gomez"], "b text") == (
        "abstract",
        "100% &quot;quoted&quot; &lt;<mark>b</mark>&gt;<mark>text</mark>&lt;/<mark>b</mark>&gt;.",
    )


@pytest.mark.parametrize("where", ["title", "card", "anywhere"])
def test_search_uses_its_index(shelf, where):
    """Also when every paper matches, where a planner would rather read every text."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = index._sqlite(where, ["net"])
            cursor.execute("EXPLAIN QUERY PLAN " + found.sql, found.params)
            assert "VIRTUAL TABLE INDEX" in str(cursor.fetchall())
        else:
            scans = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'papers_papertext'"
            cursor.execute(scans)
            sequential, by_index = cursor.fetchone()
            found = index._postgresql(where, ["net"])
            cursor.execute(found.sql, found.params)
            assert cursor.fetchall()
            cursor.execute(scans)
            assert cursor.fetchone() == (sequential, by_index + 1)
