"""Who comes in, by which invitation, how often, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from members import invitations, membership
from members.invitations import InvitationLine, InvitationRefused, accept, invite, invite_all, parse_addresses
from members.models import Invitation, Member, Membership
from tests import make

pytestmark = pytest.mark.django_db


def refused(token, member, at=None):
    with pytest.raises(InvitationRefused) as caught:
        accept(token, member, at=at or now())
    return caught.value.reason


def test_an_invited_person_gets_a_place_with_the_role_of_the_invitation_and_the_next_colour(study):
    dora = make.person("Dora")
    for role in (Membership.MEMBER, Membership.ORGANIZER):
        someone = dora if role == Membership.MEMBER else make.person("Erin")
        place = accept(invite(study["group"], by=study["olivia"], role=role, at=now()).token, someone, at=now())
        assert (place.group, place.member, place.role, place.state) == (study["group"], someone, role, "active")
    assert [place.colour for place in study["group"].memberships.in_order()] == [1, 2, 3, 4, 5]


def test_colours_repeat_after_the_seventh():
    group = make.group()
    places = [membership.enter(group, make.person(), Membership.MEMBER) for _ in range(9)]
    assert [place.colour for place in places] == [1, 2, 3, 4, 5, 6, 7, 1, 2]


def test_the_database_holds_only_the_hash_of_the_token(study):
    invitation = invite(study["group"], by=study["olivia"], at=now())
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert invitation.token not in map(str, row.values())
    assert row["token_hash"] == Invitation.hash_of(invitation.token)
    assert len(invitation.token) == 64


def test_changing_the_secret_key_ends_open_invitations(study, settings):
    invitation = invite(study["group"], by=study["olivia"], at=now())
    settings.SECRET_KEY = "another key, long enough for anybody to be content with it"
    assert invitations.find(Invitation.objects.get().token) is None
    assert invitations.find(invitation.nonce) is None


def test_a_single_use_link_lets_in_one_person(study):
    token = invite(study["group"], by=study["olivia"], at=now()).token
    accept(token, make.person("Dora"), at=now())
    assert refused(token, make.person("Erin")) == "used"
    assert study["group"].memberships.current().count() == 4


def test_an_invitation_that_an_operator_deletes_meanwhile_is_unknown(study, monkeypatch):
    token, hold = invite(study["group"], by=study["olivia"], at=now()).token, membership.hold

    def hold_later(group_id):
        Invitation.objects.all().delete()
        return hold(group_id)

    monkeypatch.setattr(membership, "hold", hold_later)
    assert refused(token, make.person("Dora")) == "unknown"


def test_accepting_twice_is_the_same_as_once(study):
    token = invite(study["group"], by=study["olivia"], at=now(), max_uses=2).token
    dora = make.person("Dora")
    assert accept(token, dora, at=now()) == accept(token, dora, at=now())
    assert Invitation.objects.get().uses == 1


def test_a_member_who_follows_a_link_spends_nothing_and_keeps_their_role(study):
    token = invite(study["group"], by=study["olivia"], role=Membership.ORGANIZER, at=now()).token
    assert accept(token, study["alice"].member, at=now()).role == Membership.MEMBER
    assert Invitation.objects.get().uses == 0


def test_a_link_for_many_lets_in_everybody_who_has_it(study):
    token = invite(study["group"], by=study["olivia"], at=now(), max_uses=None).token
    for name in ("Dora", "Erin", "Fay"):
        accept(token, make.person(name), at=now())
    assert (study["group"].memberships.current().count(), Invitation.objects.get().uses) == (6, 3)


def test_an_invitation_is_open_until_the_end_of_its_last_day_where_the_group_meets(study):
    study["group"].timezone = "America/New_York"
    invitation = invite(study["group"], by=study["olivia"], at=datetime(2026, 3, 1, 3, tzinfo=UTC), days=14)
    # 1 March, 3:00 UTC is still 28 February in New York; clocks go forward on 8 March
    assert invitation.expires_at == datetime(2026, 3, 15, 3, 59, tzinfo=UTC)
    dora = make.person("Dora")
    assert refused(invitation.token, dora, at=invitation.expires_at) == "expired"
    assert accept(invitation.token, dora, at=invitation.expires_at - timedelta(seconds=1)).member == dora


def test_a_revoked_invitation_lets_nobody_in(study):
    invitation = invite(study["group"], by=study["olivia"], at=now())
    assert (invitations.revoke(invitation, at=now()), invitations.revoke(invitation, at=now())) == (True, False)
    assert refused(invitation.token, make.person("Dora")) == "revoked"


@pytest.mark.parametrize("verb", ["demote", "remove", "leave"])
def test_invitations_end_with_their_inviters_right_to_invite(study, verb):
    token = invite(study["group"], by=study["olivia"], at=now()).token
    membership.change(study["alice"], "promote")
    assert membership.change(study["olivia"], verb)
    assert refused(token, make.person("Dora")) == "inviter"
    assert list(Invitation.objects.open(now())) == []


def test_invitations_end_when_their_inviters_account_is_closed(study):
    token = invite(study["group"], by=study["olivia"], at=now()).token
    Member.objects.filter(pk=study["olivia"].member_id).update(is_active=False)
    assert refused(token, make.person("Dora")) == "inviter"


def test_an_invitation_by_mail_is_for_its_address_only(study):
    invitation = invite(study["group"], by=study["olivia"], at=now(), email="dora@example.org")
    assert refused(invitation.token, make.person("Mallory", email="mallory@example.com")) == "address"
    dora = make.person("Dora", email="dora@example.org")
    assert accept(invitation.token, dora, at=now()).member == dora


def test_a_token_that_was_never_made_is_refused():
    assert refused("0" * 64, make.person()) == "unknown"
    assert refused("", make.person()) == "unknown"


def test_a_removed_member_does_not_come_back_by_an_old_link_but_by_a_mail_of_their_own(study):
    bob = study["bob"]
    link = invite(study["group"], by=study["olivia"], at=now(), max_uses=None).token
    membership.change(bob, "remove")
    assert refused(link, bob.member) == "removed"
    again = accept(
        invite(study["group"], by=study["olivia"], at=now(), email=bob.member.email).token, bob.member, at=now()
    )
    assert (again.pk, again.state, again.colour) == (bob.pk, "active", bob.colour)


def test_somebody_who_left_comes_back_to_the_same_place(study):
    membership.change(study["bob"], "leave")
    token = invite(study["group"], by=study["olivia"], at=now()).token
    assert accept(token, study["bob"].member, at=now()) == study["bob"]
    assert study["group"].memberships.active().filter(pk=study["bob"].pk).exists()


def test_open_and_closed_because_agree(study):
    at = now()
    olivia = study["olivia"]
    make.invitation(olivia)
    make.invitation(olivia, revoked_at=at)
    make.invitation(olivia, expires_at=at)
    make.invitation(olivia, max_uses=1, uses=1)
    make.invitation(olivia, max_uses=2, uses=1)
    make.invitation(study["alice"])  # a member who may not invite
    expected = ["", "revoked", "expired", "used", "", "inviter"]
    everything = Invitation.objects.order_by("pk")
    assert [invitation.closed_because(at) for invitation in everything] == expected
    assert [i.pk for i in everything if not i.closed_because(at)] == [
        i.pk for i in Invitation.objects.open(at).order_by("pk")
    ]


def test_pasted_addresses_are_read_line_by_line():
    text = """Alice <Alice@Example.org>, bob@example.org; "Kim, Mingyu" <mingyu@example.org>
    김지욱 <jiwook@example.org>

    mailto:carol@example.org dora@example.org
    not an address
    @example.org
    erin@example"""
    assert [(line.name, line.email) for line in parse_addresses(text)] == [
        ("Alice", "alice@example.org"),
        ("", "bob@example.org"),
        ("Kim, Mingyu", "mingyu@example.org"),
        ("김지욱", "jiwook@example.org"),
        ("", "carol@example.org"),
        ("", "dora@example.org"),
        ("", ""),
        ("", ""),
        ("", ""),
    ]
    assert parse_addresses(" \n , ;; ") == []
    assert parse_addresses("no <one") == [InvitationLine("no <one", "", "")]
    assert parse_addresses("a@b.org\r\nBcc: <c@d.org>") == [
        InvitationLine("a@b.org", "", "a@b.org"),
        InvitationLine("Bcc: <c@d.org>", "Bcc:", "c@d.org"),
    ]


def test_every_pasted_line_is_judged_by_itself(study):
    alice = study["alice"].member
    pending = invite(study["group"], by=study["olivia"], at=now(), email="waiting@example.org")
    text = f"{alice.email.upper()}\nwaiting@example.org\nDora <dora@example.org>\nrubbish\ndora@example.org\n{study['mallory'].member.email}"
    verdicts = invite_all(text, study["group"], by=study["olivia"], role="member", language="en", at=now())
    assert [verdict.kind for verdict in verdicts] == ["member", "pending", "invited", "invalid", "pending", "invited"]
    made = (
        Invitation.objects.exclude(pk=pending.pk)
        .order_by("pk")
        .values_list("email", "name", "language", "max_uses", "role")
    )
    assert list(made) == [
        ("dora@example.org", "Dora", "en", 1, "member"),
        (study["mallory"].member.email, "", "en", 1, "member"),
    ]


def test_who_left_or_was_removed_may_be_invited_again(study):
    membership.change(study["alice"], "leave")
    membership.change(study["bob"], "remove")
    text = f"{study['alice'].member.email}, {study['bob'].member.email}"
    verdicts = invite_all(text, study["group"], by=study["olivia"], role="member", language="ko", at=now())
    assert [verdict.kind for verdict in verdicts] == ["invited", "invited"]


def test_signing_up_opens_an_account_and_a_place_or_neither(study):
    invitation = invite(study["group"], by=study["olivia"], at=now(), email="dora@example.org")
    new = {"name": "Dora", "password": make.PASSWORD, "language": "en", "timezone": "UTC", "at": now()}
    with pytest.raises(InvitationRefused):
        invitations.sign_up(invitation.token, email="other@example.org", **new)
    assert not Member.objects.filter(email="other@example.org").exists()
    place = invitations.sign_up(invitation.token, email="Dora@Example.org", **new)
    assert (place.group, place.member.email, place.member.check_password(make.PASSWORD)) == (
        study["group"],
        "dora@example.org",
        True,
    )
    assert list(place.member.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("dora@example.org", True, True)
    ]


def test_an_address_typed_at_an_open_link_is_not_proved_and_does_not_join(study):
    invitation = invite(study["group"], by=study["olivia"], at=now())
    new = {"name": "Dora", "password": make.PASSWORD, "language": "en", "timezone": "UTC", "at": now()}
    for _twice in range(2):
        invitations.open_account(invitation.token, email="dora@example.org", **new)
    dora = Member.objects.get(email="dora@example.org")
    assert list(dora.emailaddress_set.values_list("email", "verified")) == [("dora@example.org", False)]
    assert (dora.memberships.count(), Invitation.objects.get().uses) == (0, 0)
    invitations.revoke(invitation, at=now())
    with pytest.raises(InvitationRefused):
        invitations.open_account(invitation.token, email="erin@example.org", **new)
    assert not Member.objects.filter(email="erin@example.org").exists()
