"""What an operator does to accounts and groups, and what is refused."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from members.models import Group, Member, Membership
from tests import make

PEOPLE = reverse("admin:members_member_changelist")
PLACES = reverse("admin:members_membership_changelist")


@pytest.fixture
def olivia(db):
    return make.person("Olivia", is_staff=True, is_superuser=True)


@pytest.fixture
def operator(client, olivia):
    client.force_login(olivia)
    return client


def done(client, page, action, *rows) -> list[str]:
    answer = client.post(page, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return [str(one) for one in answer.context["messages"]]


def test_an_account_is_made_inactive_and_active_again(operator, client):
    bob = make.member(name="Bob").member
    assert done(operator, PEOPLE, "close", bob) == ["1 account is inactive now."]
    bob.refresh_from_db()
    assert (bob.is_active, list(Membership.objects.current())) == (False, [])
    assert done(operator, PEOPLE, "open_again", bob) == ["1 account is active again."]
    assert [place.member for place in Membership.objects.current()] == [bob]


def test_nobody_shuts_themselves_out(operator, olivia):
    said = done(operator, PEOPLE, "close", olivia)
    assert said == ["0 accounts are inactive now.", "Yours was left alone; ask another operator."]
    assert Member.objects.get().is_active


def test_a_refused_address_is_tried_again(operator):
    bob = make.person("Bob", refused_email="bob@example.org", refused_words="no such user")
    alice = make.person("Alice")
    assert done(operator, PEOPLE, "mail_again", bob, alice) == ["1 address is tried again."]
    bob.refresh_from_db()
    assert (bob.refused_email, bob.refused_words) == ("", "")


def test_a_group_that_lost_its_organizer_is_given_one(operator):
    alice = make.member(name="Alice")
    gone = make.member(alice.group, "Bob", state=Membership.LEFT)
    assert done(operator, PLACES, "promote", alice, gone) == ["1 member is an organizer now."]
    roles = dict(Membership.objects.values_list("member__name", "role"))
    assert roles == {"Alice": Membership.ORGANIZER, "Bob": Membership.MEMBER}


@pytest.mark.parametrize("model", ["group", "member", "membership"])
def test_what_would_leave_files_or_holes_is_not_deleted_here(operator, model):
    place = make.member()
    row = {"group": place.group, "member": place.member, "membership": place}[model]
    answer = operator.post(reverse(f"admin:members_{model}_delete", args=[row.pk]), {"post": "yes"})
    assert (answer.status_code, type(row).objects.filter(pk=row.pk).exists()) == (403, True)


def test_the_page_of_a_group_names_the_command_that_deletes_it(operator):
    group = make.group(slug="ours")
    page = operator.get(reverse("admin:members_group_change", args=[group.pk])).content.decode()
    assert "python3 manage.py delete_group ours" in page


def test_an_operator_mends_the_name_of_a_group_and_not_its_address(operator):
    group = make.group("Old", slug="ours")
    page = reverse("admin:members_group_change", args=[group.pk])
    form = {"name": "New", "language": "ko", "timezone": "Asia/Seoul", "country": "KR", "slug": "theirs"}
    empty = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    assert operator.post(page, form | empty).status_code == 302
    assert list(Group.objects.values_list("name", "slug")) == [("New", "ours")]


def test_the_desk_speaks_korean(operator, olivia):
    Member.objects.update(language="ko")
    with override("ko"):
        page = operator.get(reverse("admin:index"), headers={"accept-language": "ko"}).content.decode()
    assert [
        word for word in ("논문 스터디 서버 관리", "스터디원", "알림", "학기와 알림", "초대") if word not in page
    ] == []
