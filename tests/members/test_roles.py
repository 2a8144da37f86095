"""Who may do what with every address of the members' part: anybody, outsiders, another group's organizer,
a member, an organizer, somebody removed, the server's operator; with one's own and with foreign ids."""

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils.timezone import now

from members import address_changes, invitation_stops, invitations, join_by_mail, membership, preferences
from members.models import Group, Invitation, Member, Membership, Muted
from members.records import InvitationStop
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db
ROLES = ["anonymous", "outsider", "mallory", "alice", "olivia", "removed", "operator"]
IN, GO, NO, NOT = "login", 302, 404, 405  # to the sign-in page · done, and on · does not exist for you · not that way
# forms that say what their page showed: the page, and where it is sent
EDITED = {
    "/me/": ("/me/",), "/g/study/settings/": ("/g/study/settings/",), "/me/notifications/": ("/me/", "/me/notifications/"),
}  # fmt: skip
FORM = {"name": "New", "club": "", "language": "en", "timezone": "UTC", "country": "KR"}

# address: (data, answers to GET by role, answers to POST by role)
MATRIX = {
    "/": ({}, [IN, 200, GO, GO, GO, 200, 200], None),
    "/me/": ({"name": "New", "language": "en", "timezone": "UTC"}, [IN] + [200] * 6, [IN] + [GO] * 6),
    "/me/notifications/": ({"topics": ["papers"]}, [GO] * 7, [IN] + [GO] * 6),
    "/me/activity/": ({}, [IN] + [200] * 6, None),
    "/me/code/": ({"send": "1"}, [IN] + [GO] * 6, [IN] + [GO] * 6),
    "/address/undo/{changed}/": ({}, [200] * 7, [GO] * 7),
    "/address/undo/nonsense/": ({}, [NO] * 7, [NO] * 7),
    "/g/study/activity/": ({}, [IN, NO, NO, NO, 200, NO, NO], None),
    "/notifications/stop/{token}/": ({"stop": "1"}, [200] * 7, [GO] * 7),
    "/letters/stop/{token}/": ({"stop": "1"}, [200] * 7, [GO] * 7),
    "/invitations/stop/{stop}/": ({"stop": "1"}, [200] * 7, [GO] * 7),
    "/invitations/stop/nonsense/": ({"stop": "1"}, [NO] * 7, [NO] * 7),
    "/notifications/stop/nonsense/": ({"stop": "1"}, [NO] * 7, [NO] * 7),
    "/g/study/members/{bob}/address/again/": ({}, [GO] * 7, [IN, NO, NO, NO, GO, NO, NO]),
    "/g/study/members/{foreign}/address/again/": ({}, [GO] * 7, [IN, NO, NO, NO, NO, NO, NO]),
    "/groups/new/": (FORM, [IN] + [200] * 6, [IN] + [GO] * 6),
    "/theme/": ({"theme": "dark"}, [GO] * 7, [303] * 7),
    "/language/": ({"language": "ko"}, [GO] * 7, [303] * 7),
    "/look-around/": ({"member": "1"}, [GO] * 7, [NO] * 7),
    "/join/{link}/": ({}, [200, 200, 200, GO, GO, 200, 200], [GO, GO, GO, GO, GO, 410, GO]),
    "/join/{link}/sign-up/": ({}, [GO] * 7, [422] + [GO] * 6),
    "/join/{link}/as/{proof}/": ({}, [200] + [GO] * 6, [422] + [GO] * 6),
    "/join/{link}/mailed/": ({}, [200] * 7, [NOT] * 7),
    "/me/groups/": ({}, [IN] + [GO] * 6, [IN] + [GO] * 6),
    "/accounts/login/code/confirm/": ({"code": "123456"}, [IN] + [GO] * 6, [IN] + [GO] * 6),
    "/g/study/members/": ({}, [IN, NO, NO, 200, 200, NO, NO], [NOT, NOT, NOT, NOT, NOT, NOT, NOT]),
    "/g/study/settings/": (FORM, [IN, NO, NO, NO, 200, NO, NO], [IN, NO, NO, NO, GO, NO, NO]),
    "/g/study/members/{bob}/remove/": ({}, [GO] * 7, [IN, NO, NO, NO, GO, NO, NO]),
    "/g/study/members/{foreign}/remove/": ({}, [GO] * 7, [IN, NO, NO, NO, NO, NO, NO]),
    "/g/study/members/{alice}/pause/": ({}, [GO] * 7, [IN, NO, NO, GO, GO, NO, NO]),
    "/g/study/members/{alice}/leave/": ({}, [GO] * 7, [IN, NO, NO, GO, NO, NO, NO]),
    "/g/study/members/{gone}/restore/": ({}, [GO] * 7, [IN, NO, NO, NO, GO, NO, NO]),
    "/g/study/members/{bob}/nonsense/": ({}, [GO] * 7, [IN, NO, NO, NO, NO, NO, NO]),
    "/g/study/invitations/": ({}, [IN, NO, NO, GO, GO, NO, NO], None),
    "/g/study/invitations/link/": (
        {"max_uses": "one", "days": "7", "role": "member"},
        [IN, NO, NO, NO, GO, NO, NO],
        [IN, NO, NO, NO, GO, NO, NO],
    ),
    "/g/study/invitations/mail/": (
        {"addresses": "x@example.org", "language": "en", "role": "member"},
        [IN, NO, NO, NO, GO, NO, NO],
        [IN, NO, NO, NO, GO, NO, NO],
    ),
    "/g/study/invitations/{mailed}/send/": ({}, [GO] * 7, [IN, NO, NO, NO, GO, NO, NO]),
    "/g/study/invitations/{mailed}/revoke/": ({}, [GO] * 7, [IN, NO, NO, NO, GO, NO, NO]),
    "/g/study/invitations/{elsewhere}/send/": ({}, [GO] * 7, [IN, NO, NO, NO, NO, NO, NO]),
    "/g/study/invitations/{elsewhere}/revoke/": ({}, [GO] * 7, [IN, NO, NO, NO, NO, NO, NO]),
}


@pytest.fixture
def cast(study):
    gone = make.member(study["group"], "Gone")
    changed = address_changes.undo_address(make.address_change(study["bob"].member))
    membership.change(gone, "remove")
    link = invitations.invite(study["group"], by=study["olivia"], at=now(), max_uses=None)
    places = {
        "{bob}": study["bob"].pk,
        "{alice}": study["alice"].pk,
        "{gone}": gone.pk,
        "{foreign}": study["mallory"].pk,
        "{link}": link.token,
        "{proof}": join_by_mail.proof_of(link, "dora@example.org"),
        "{token}": preferences.stop_address(study["alice"].member, "papers").split("/")[-2],
        "{changed}": changed.split("/")[-2],
        "{stop}": invitation_stops.stop_address("waiting@example.org").split("/")[-2],
        "{mailed}": make.invitation(study["olivia"], email="waiting@example.org").pk,
        "{elsewhere}": make.invitation(study["mallory"], email="waiting@example.org").pk,
    }
    people = {
        "anonymous": None,
        "outsider": make.person("Outsider"),
        "mallory": study["mallory"],
        "alice": study["alice"],
        "olivia": study["olivia"],
        "removed": gone,
        "operator": make.person("Operator", is_staff=True),
    }
    return places, people


def answer(response):
    location = response.headers.get("Location", "")
    return IN if location.startswith("/accounts/login/") else response.status_code


def everything():
    """All rows of ours, to see whether anything changed."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Member, Muted, Group, Membership, Invitation, InvitationStop)
    ]


def filled(path, places):
    for name, value in places.items():
        path = path.replace(name, str(value))
    return path


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", MATRIX)
def test_everybody_gets_exactly_what_is_theirs(cast, sign_in, path, role):
    places, people = cast
    data, gets, posts = MATRIX[path]
    address, column, client = (
        filled(path, places),
        ROLES.index(role),
        sign_in(people[role]) if people[role] else Client(),
    )
    before = everything()
    got = answer(client.get(address))
    # what is there for a form only leads to its page, whoever asks; the sign-in may be asked for before
    assert got == gets[column] or (gets[column] == GO and got == IN)
    assert everything() == before, "a GET changed something"
    if posts:
        seen = hidden(client, *EDITED[path]) if path in EDITED and posts[column] == GO else {}
        posted = answer(client.post(address, seen | data))
        assert posted == posts[column] or (posts[column] == NOT and posted == IN)
        if posts[column] in {IN, NO, NOT, 410}:
            assert everything() == before, "a refused POST changed something"


def test_no_address_of_ours_is_missing_from_the_matrix(cast):
    places, _ = cast
    known = {get_resolver().resolve(filled(path, places)).view_name for path in MATRIX}
    (ours,) = [part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "members"]
    assert known == {f"members:{pattern.name}" for pattern in ours.url_patterns}
