"""The search box: what a few letters find, for whom, in either language, and what they never show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from django.utils.translation import gettext, override

from members.models import Membership
from papers import library
from papers.models import Paper
from papers.search import index
from schedule.models import Session
from schedule.search.actions import ACTIONS, in_every_language, possible
from schedule.search.nearness import BEGINS, BEGINS_WORDS, BESIDE, INSIDE, asked, keys, nearness
from schedule.search.outline import outline
from schedule.search.palette import find
from tests import make

MARCH = make.utc(2026, 3, 10, 1)  # 10:00 in Seoul


def indexed(group, title, **fields):
    paper = make.paper(group, title, **fields)
    index.index(paper)
    return paper


def found(me, query, at=None, language="en"):
    """{kind: titles}"""
    with override(language):
        return {one.kind: [hit.title for hit in one.hits] for one in find(me, query, at or now())}


def addresses(me, query):
    return [hit.address for one in find(me, query, now()) for hit in one.hits]


# ── words ──


def test_words_are_compared_as_the_keys_one_presses():
    assert keys("Grad-CAM 값을 뒤에") == "grad cam ㄱㅏㅂㅅㅇㅡㄹ ㄷㅜㅣㅇㅔ"
    assert keys("Ｇómez ﬁnds") == "gomez finds"
    assert asked(" 논문  논문, B ") == ["ㄴㅗㄴㅁㅜㄴ", "b"]


@pytest.mark.parametrize("typed", ["ㄴ", "노", "논", "논ㅁ", "논무", "논문", "문", "논문올", "올리", "논문 오"])
def test_every_step_of_typing_korean_finds_the_words(typed):
    assert nearness(asked(typed), ["논문 올리기"]) is not None


def test_a_syllable_that_could_not_become_the_words_does_not_find_them():
    assert [nearness(asked(typed), ["논문 올리기"]) for typed in ("논만", "놈", "온문", "올리가")] == [None] * 4


def test_a_word_at_the_beginning_is_nearer_than_one_inside():
    titles = ["Plan the next term"]
    assert nearness(["plan"], titles) == BEGINS
    assert nearness(["ne"], titles) == nearness(["term", "ne"], titles) == BEGINS_WORDS
    assert nearness(["lan"], titles) == INSIDE
    assert nearness(["plan", "rota"], titles, "dates rotation") == BESIDE
    assert nearness(["plan", "zebra"], titles, "dates rotation") is None
    assert nearness(["plan"], ["학기 계획하기", "Plan the next term"]) == BEGINS


def test_notifications_decomposed_by_another_system_are_the_same_notifications():
    assert nearness(asked("\u1112\u1161\u11ab"), ["한국"]) == BEGINS  # as a Mac writes file names
    assert nearness(asked("Go\u0301mez"), ["gómez"]) == BEGINS


# ── each kind ──


def test_papers_are_found_as_in_the_library_with_authors_and_year(study):
    paper = indexed(study["group"], "Deep Residual Learning", authors=["Kaiming He", "Jian Sun"], year=2016)
    index.index(
        make.paper(study["group"], "Another one"), index.body_fields("a text that says residual somewhere inside")
    )
    (papers,) = find(study["alice"], "residu", now())
    assert [(hit.title, hit.detail) for hit in papers.hits] == [
        ("Deep Residual Learning", "Kaiming He, Jian Sun · 2016"),
        ("Another one", "in the text"),
    ]
    assert papers.hits[0].address == paper.get_absolute_url()


def test_korean_papers_are_found_while_the_last_syllable_is_unfinished(study):
    indexed(study["group"], "설명 가능한 인공지능", language="ko")
    assert found(study["alice"], "설명")["papers"] == ["설명 가능한 인공지능"]
    for typed in ("설ㅁ", "설며", "설명ㄱ", "설명 ㄱ", "설명 가느"):
        assert found(study["alice"], typed) == {"papers": ["설명 가능한 인공지능"]}, typed


def test_a_paper_in_the_trash_is_never_found_nor_named_at_its_session(study):
    paper = indexed(study["group"], "Secret of the trash")
    session = make.session(make.term(study["group"]))
    make.presentation(session, study["alice"], paper=paper)
    assert set(found(study["alice"], "secret")) == {"papers", "sessions"}
    library.trash(paper, by=study["alice"])
    assert found(study["alice"], "secret") == {}


@pytest.mark.parametrize(
    "query",
    [
        "no. 1",
        "1회",
        "10 mar",
        "3월 10일",
        "tue 10 march 2026",
        "화요일",
        "2026-03-10",
        "3/10",
        "sangdo",
        "alice",
        "grad",
    ],
)
def test_a_session_is_found_by_number_date_place_presenter_and_paper_in_both_languages(study, query):
    session = make.session(make.term(study["group"]), MARCH, place="Café Sangdo")
    make.presentation(session, study["alice"], paper=make.paper(study["group"], "Grad-CAM"))
    assert found(study["alice"], query)["sessions"] == [
        "Tue 10 March, 10:00" if session.local_start.year == now().year else "Tue 10 March 2026, 10:00"
    ]


def test_a_session_says_number_term_place_presenters_and_that_it_is_cancelled(study):
    session = make.session(make.term(study["group"]), MARCH, place="Room 3", state=Session.CANCELLED)
    make.presentation(session, study["bob"])
    (sessions,) = [one for one in find(study["alice"], "room", now()) if one.kind == "sessions"]
    assert [(hit.detail, hit.address) for hit in sessions.hits] == [
        ("no. 1 · Spring · Room 3 · Bob · cancelled", session.get_absolute_url())
    ]


def test_sessions_ahead_come_first_then_the_latest_and_no_more_than_five(study):
    term, at = make.term(study["group"]), make.utc(2026, 3, 20)
    for week in range(-4, 4):
        make.session(term, at + timedelta(weeks=week, hours=1))
    (sessions,) = [one for one in find(study["alice"], "spring", at) if one.kind == "sessions"]
    assert [hit.detail.split(" · ")[0] for hit in sessions.hits] == ["no. 5", "no. 6", "no. 7", "no. 8", "no. 4"]


def test_people_are_found_by_name_and_address_and_lead_to_their_row(study, sign_in):
    minkyu = make.member(study["group"], member=make.person("김민규", email="minkyu.kim@example.org"))
    session = make.session(make.term(study["group"]), make.utc(2031, 3, 4, 1))
    make.presentation(session, minkyu)
    for query in ("민규", "김민", "ㄱ", "minkyu.kim"):
        assert "김민규" in found(study["alice"], query)["people"]
    (people,) = [one for one in find(study["alice"], "민규", now()) if one.kind == "people"]
    assert [(hit.title, hit.detail) for hit in people.hits] == [("김민규", "presents on 4 Mar")]
    page, row = people.hits[0].address.split("#")
    assert f'id="{row}"' in sign_in(study["alice"]).get(page).content.decode()
    assert found(study["alice"], "olivia") == {"people": ["Olivia"]}
    assert found(study["alice"], "example.org") == {}  # what all addresses share says nothing


def test_who_left_is_not_found_as_a_person_but_by_past_sessions(study):
    gone = make.member(study["group"], "Gonzo", state=Membership.LEFT)
    make.presentation(make.session(make.term(study["group"]), MARCH), gone)
    assert set(found(study["alice"], "gonzo")) == {"sessions"}


def test_terms_are_found_by_name(study):
    term = make.term(study["group"], "2026년 가을학기")
    make.session(term)
    (terms,) = [one for one in find(study["alice"], "가을", MARCH) if one.kind == "terms"]
    assert [(hit.title, hit.detail.partition(" · ")[2]) for hit in terms.hits] == [("2026년 가을학기", "1 session")]
    assert terms.hits[0].address == term.get_absolute_url()


def test_drafts_are_found_by_organizers_only(study):
    make.session(make.term(study["group"], "Hidden autumn", published=False), MARCH, place="Attic")
    assert found(study["alice"], "autumn") == found(study["alice"], "attic") == {}
    assert set(found(study["olivia"], "autumn")) == {"terms", "sessions"}
    assert {one.kind: one.hits[0].detail.split(" · ")[-1] for one in find(study["olivia"], "autumn", now())} == {
        "terms": "draft",
        "sessions": "draft",
    }


def test_the_nearest_kind_stands_first(study):
    indexed(study["group"], "Learning to plan with trees")
    assert list(found(study["olivia"], "plan")) == ["actions", "papers"]
    assert list(found(study["olivia"], "learning")) == ["papers"]


# ── what one can do ──


def test_every_action_is_found_by_its_words_in_both_languages_whatever_the_reader_reads(study):
    """With everything there that an action may need: each is among the first for its own whole title."""
    session = make.session(make.term(study["group"]))
    make.presentation(session, study["olivia"])
    make.session(session.term, MARCH)
    assert len(possible(outline(study["olivia"], now()))) == len(ACTIONS)
    for reader in ("en", "ko"):
        for action in ACTIONS:
            with override(reader):
                title = gettext(action.title)
            for words in in_every_language(action.title):
                assert title in found(study["olivia"], words, language=reader)["actions"], (reader, words)


def test_actions_are_found_by_other_words_for_them(study):
    assert found(study["olivia"], "upload")["actions"] == ["Add papers"]
    assert found(study["olivia"], "업로드")["actions"] == ["Add papers"]
    assert found(study["olivia"], "백업", language="ko")["actions"] == ["모든 기록 내보내기"]


def test_an_action_leads_somewhere_for_whom_it_is_offered_and_nowhere_for_others(study, sign_in):
    """Those only for organizers are refused to a member by the page, too: the table and the doors agree."""
    session = make.session(make.term(study["group"]))
    for who in ("olivia", "alice"):
        make.presentation(session, study[who])
    make.session(session.term, MARCH)
    member, organizer = sign_in(study["alice"]), sign_in(study["olivia"])
    offered = {action.title for action, _detail, _address in possible(outline(study["alice"], now()))}
    assert offered == {action.title for action in ACTIONS if not action.may}
    for who, client in (("alice", member), ("olivia", organizer)):
        for action, _detail, address in possible(outline(study[who], now())):
            assert (action.title, client.get(address).status_code) == (action.title, 200)
            place = address.partition("#")[2]
            assert not place or f'id="{place}"' in client.get(address).content.decode(), address
            if action.may and action.view != "members:members":
                assert (action.title, member.get(address).status_code) == (action.title, 404)


def test_what_needs_a_turn_a_session_or_a_term_is_offered_when_there_is_one(study):
    def views(at=None):
        return {action.view for action, _detail, _address in possible(outline(study["alice"], at or now()))}

    needing = {action.view for action in ACTIONS if action.about and not action.may}
    assert needing & views() == set()
    term = make.term(study["group"])
    make.session(term, MARCH)
    of_term = {"schedule:term_report", "schedule:register", "schedule:figures"}
    assert needing & views() == of_term | {"schedule:report", "schedule:sheet"}
    assert needing & views(MARCH - timedelta(days=1)) == of_term | {"schedule:session"}
    turn = make.presentation(make.session(term), study["alice"])
    assert needing & views() == needing
    turn.shared_at = now()
    turn.save()
    assert needing - views() == {"schedule:share"}


def test_before_anything_is_typed_the_handy_things_stand_there(study):
    turn = make.presentation(make.session(make.term(study["group"])), study["alice"])
    assert found(study["alice"], "") == {
        "actions": [
            "Share a paper for my next turn",
            "Open the next session",
            "Add papers",
            "My turns",
            "Mark days away",
        ]
    }
    assert addresses(study["alice"], " ")[0] == f"/g/study/schedule/turns/{turn.pk}/share/"
    assert found(study["olivia"], "")["actions"] == [
        "Open the next session",
        "Add papers",
        "Plan the next term",
        "Invite members",
        "My turns",
    ]


def test_signs_that_are_no_words_find_nothing(study):
    indexed(study["group"], "What?")
    assert found(study["alice"], "?!") == found(study["alice"], "%'--") == found(study["alice"], '"*') == {}


# ── whose ──


def test_another_groups_things_are_never_found(study):
    theirs = study["mallory"].group
    indexed(theirs, "Nightingale papers")
    session = make.session(make.term(theirs, "Nightingale term"), place="Nightingale room")
    make.presentation(session, make.member(theirs, "Nightingale"))
    assert set(found(study["mallory"], "nightingale")) == {"papers", "sessions", "people", "terms"}
    assert found(study["alice"], "nightingale") == found(study["olivia"], "nightingale") == {}


def _fill(group, count):
    term = make.term(group, "Crowded term")
    for number in range(count):
        person = make.member(group, f"Crowded {number}")
        paper = indexed(group, f"Crowded 논문 {number}", by=person)
        make.paper_file(paper)
        make.presentation(make.session(term, MARCH + timedelta(days=number)), person, paper=paper)


def test_as_many_queries_for_three_of_each_as_for_thirty(study):
    def queries(query, kinds):
        with CaptureQueriesContext(connection) as asked_for:
            hits = find(study["olivia"], query, now())
        assert {one.kind for one in hits} == kinds
        return len(asked_for)

    def both():
        everything = queries("crowded", {"papers", "sessions", "people", "terms"})
        return everything, queries("crowded 논무", {"papers", "sessions"})

    _fill(study["group"], 3)
    few = both()
    _fill(study["group"], 27)
    assert both() == few == (7, 8)


# ── the page ──


def test_the_page_shows_the_hits_with_or_without_its_frame(study, sign_in):
    paper = indexed(study["group"], "Deep <b>& Residual</b> Learning")
    client = sign_in(study["alice"])
    whole = client.get("/g/study/search/?q=residual")
    part = client.get("/g/study/search/?q=residual", headers={"HX-Request": "true"})
    assert (whole.headers["Vary"].count("HX-Request"), part.headers["Vary"].count("HX-Request")) == (1, 1)
    row = f'<a class="hit" href="{paper.get_absolute_url()}"><b>Deep &lt;b&gt;&amp; <mark>Residual</mark>&lt;/b&gt; Learning</b>'
    for answer in (whole, part):
        assert row in " ".join(answer.content.decode().split())
        assert 'href="/g/study/papers/?q=residual"' in answer.content.decode()
    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    assert 'value="residual"' in whole.content.decode()


def test_the_words_asked_for_are_written_back_as_text(study, sign_in):
    answer = sign_in(study["alice"]).get("/g/study/search/", {"q": '"><script>x</script>\0'})
    assert "<script>x" not in answer.content.decode()
    assert 'value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"' in answer.content.decode()
    assert "Nothing here has these words. Try fewer letters, or other ones." in answer.content.decode()


def test_the_page_of_a_group_is_its_members_own(study, sign_in):
    indexed(study["group"], "Grad-CAM")
    for query in ("", "?q=grad"):
        assert sign_in(study["mallory"]).get(f"/g/study/search/{query}").status_code == 404
    assert sign_in(study["alice"]).post("/g/study/search/").status_code == 405


def test_papers_being_read_and_unreadable_ones_are_called_by_their_file(study):
    paper = indexed(study["group"], "", state=Paper.UNREADABLE, doi="10.1109/5.771073")
    make.paper_file(paper, name="scan of chapter 3.pdf")
    assert found(study["alice"], "771073")["papers"] == ["scan of chapter 3.pdf"]
