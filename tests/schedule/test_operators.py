"""Operators who are not superusers: each page of /admin/ opens to who has its permission, given alone or by a group."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group as PermissionGroup
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.urls import reverse

from members.models import Group, Member
from tests import make
from tests.schedule.test_admin import address, fill

pytestmark = pytest.mark.django_db
VERBS = ("add", "change", "delete", "view")
EMPTY = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def everything():
    """One row at least of everything that is registered, and nobody else's rights."""
    lead = make.organizer()
    fill(1, lead)
    PermissionGroup.objects.create(name="Nobody is in it")
    EmailAddress.objects.create(user=lead.member, email=lead.member.email, primary=True)
    assert [model for model in admin.site._registry if not model._base_manager.exists()] == []
    return lead


def permissions(model, *verbs):
    names = [f"{verb}_{model._meta.model_name}" for verb in verbs]
    return Permission.objects.filter(content_type__app_label=model._meta.app_label, codename__in=names)


def operator(client, given: str, *allowed: Permission) -> Member:
    """A staff account with these permissions, given to it alone or to a permission group it is in."""
    who = make.person("Opal", is_staff=True)
    if given == "alone":
        who.user_permissions.set(allowed)
    else:
        group = PermissionGroup.objects.create(name="Desk")
        group.permissions.set(allowed)
        who.groups.add(group)
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return who


def pages(model) -> dict[str, str]:
    row = model._base_manager.order_by("pk").first()
    told = {name: address(model, name, row.pk) for name in ("change", "history", "delete")}
    return told | {name: address(model, name) for name in ("changelist", "add")}


def promised(desk, who) -> dict[str, int]:
    """What the desk of a model says that this person may do, as answers."""
    request = RequestFactory().get("/")
    request.user = Member.objects.get(pk=who.pk)
    row = desk.model._base_manager.order_by("pk").first()
    looks = desk.has_view_or_change_permission(request, row)
    allowed = {
        "changelist": looks, "change": looks, "history": looks,
        "add": desk.has_add_permission(request), "delete": desk.has_delete_permission(request, row),
    }  # fmt: skip
    return {name: 200 if may else 403 for name, may in allowed.items()}


def test_without_a_permission_the_desk_opens_and_every_page_of_it_is_refused(client, everything):
    operator(client, "alone")
    assert client.get(reverse("admin:index")).status_code == 200
    answers = {page: client.get(page).status_code for model in admin.site._registry for page in pages(model).values()}
    assert {page: status for page, status in answers.items() if status != 403} == {}


@pytest.mark.parametrize("given", ["alone", "by a group"])
def test_with_every_permission_each_page_answers_as_its_desk_promises(client, everything, given):
    who = operator(client, given, *Permission.objects.all())
    found, wanted = {}, {}
    for model, desk in admin.site._registry.items():
        found[model] = {name: client.get(page).status_code for name, page in pages(model).items()}
        wanted[model] = promised(desk, who)
    assert found == wanted
    assert {answers["changelist"] for answers in found.values()} == {200}
    labels = {model._meta.app_label for model in admin.site._registry}
    assert {client.get(reverse("admin:app_list", args=[label])).status_code for label in labels} == {200}


@pytest.mark.parametrize("given", ["alone", "by a group"])
def test_whoever_may_look_at_one_table_sees_that_one_and_no_other(client, everything, given):
    who = operator(client, given)
    every = list(admin.site._registry)
    for model, another in zip(every, every[1:] + every[:1], strict=True):
        who.user_permissions.set(permissions(model, "view") if given == "alone" else [])
        for group in who.groups.all():
            group.permissions.set(permissions(model, "view"))
        assert client.get(address(another, "changelist")).status_code == 403, another
        shown = {name: client.get(page).status_code for name, page in pages(model).items()}
        assert shown == {"changelist": 200, "change": 200, "history": 200, "add": 403, "delete": 403}, model


def test_an_operator_who_may_change_groups_renames_one(client, everything):
    operator(client, "by a group", *permissions(Group, "view", "change"))
    page = address(Group, "change", everything.group.pk)
    form = {"name": "New", "language": "ko", "timezone": "Asia/Seoul", "country": "KR"}
    assert client.post(page, form | EMPTY).status_code == 302
    assert Group.objects.get(pk=everything.group.pk).name == "New"


def test_who_may_change_accounts_gives_nobody_rights_and_leaves_superusers_alone(client):
    boss = make.person("Boss", is_staff=True, is_superuser=True)
    alice = make.person("Alice")
    who = operator(client, "alone", *permissions(Member, *VERBS))
    form = {"name": "Renamed", "language": "en", "timezone": "Asia/Seoul", "is_active": "on", "is_superuser": "on",
            "is_staff": "on", "user_permissions": [Permission.objects.first().pk]}  # fmt: skip
    answers = [client.post(address(Member, "change", one.pk), form | EMPTY).status_code for one in (alice, who, boss)]
    chosen = {"action": "close", "_selected_action": [boss.pk, alice.pk]}
    client.post(address(Member, "changelist"), chosen)
    rights = Member.objects.order_by("pk").values_list("name", "is_active", "is_staff", "is_superuser")
    assert (answers, list(rights)) == (
        [302, 302, 403],
        [("Boss", True, True, True), ("Renamed", False, False, False), ("Renamed", True, True, False)],
    )
    assert set(who.user_permissions.all()) == set(permissions(Member, *VERBS))


def test_a_superuser_gives_permissions_by_name_and_by_group(client):
    boss = make.person("Boss", is_staff=True, is_superuser=True)
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    look = permissions(Group, "view").get()
    assert client.post(address(PermissionGroup, "add"), {"name": "Desk", "permissions": [look.pk]}).status_code == 302
    desk, alice = PermissionGroup.objects.get(), make.person("Alice")
    form = {"name": "Alice", "language": "en", "timezone": "Asia/Seoul", "is_active": "on", "is_staff": "on"}
    answer = client.post(address(Member, "change", alice.pk), form | EMPTY | {"groups": [desk.pk]})
    assert (answer.status_code, Member.objects.get(pk=alice.pk).get_all_permissions()) == (
        302,
        {"members.view_group"},
    )
