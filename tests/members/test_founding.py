"""How groups begin."""

import pytest
from django.core.management import CommandError, call_command

from members import founding
from members.models import Group, Member
from tests import make

pytestmark = pytest.mark.django_db


def start(name, by=None):
    return founding.start_group(by=by or make.person(), name=name, language="ko", timezone="Asia/Seoul")


def test_whoever_starts_a_group_organizes_it():
    olivia = make.person("Olivia")
    group = start("NLP 읽기 모임", by=olivia)
    assert [(p.member, p.role, p.state, p.colour) for p in group.memberships.all()] == [
        (olivia, "organizer", "active", 1)
    ]


def test_the_address_is_made_from_the_name():
    assert start("CV Reading Study 1").slug == "cv-reading-study-1"
    second = start("CV reading study 1!").slug
    assert second.startswith("cv-reading-study-1-") and len(second) == len("cv-reading-study-1-") + 6
    korean = start("논문 읽기").slug
    assert korean.startswith("study-") and korean != start("논문 읽기").slug
    assert len(start("a" * 80).slug) <= 50


def answers(monkeypatch, *typed, passwords=(make.PASSWORD, make.PASSWORD)):
    """Type these lines into the terminal."""
    lines, secrets = iter(typed), iter(passwords)
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(secrets))


def test_the_first_group_is_asked_for_in_the_terminal(monkeypatch, capsys):
    answers(
        monkeypatch, "not an address", "Mingyu@Example.org", "김민규", "CV Reading Study 1", "fr", "ko",
        passwords=("short", make.PASSWORD, "another sentence", make.PASSWORD, make.PASSWORD),
    )  # fmt: skip
    call_command("found")
    member = Member.objects.get()
    assert (member.email, member.name, member.language) == ("mingyu@example.org", "김민규", "ko")
    assert member.check_password(make.PASSWORD)
    assert [(g.name, g.slug, g.language) for g in member.study_groups] == [
        ("CV Reading Study 1", "cv-reading-study-1", "ko")
    ]
    assert [p.role for p in member.memberships.all()] == ["organizer"]
    said = capsys.readouterr()
    assert "Check the address" in said.err and "ko or en" in said.err and "12" in said.err and "same" in said.err
    assert "Sign in as mingyu@example.org at http://localhost:8000/g/cv-reading-study-1/" in said.out


def test_stopping_half_way_makes_nothing(monkeypatch):
    def stop(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", stop)
    with pytest.raises(CommandError):
        call_command("found")
    assert (Group.objects.count(), Member.objects.count()) == (0, 0)


def test_where_a_group_is_nothing_is_asked(study):
    call_command("found", "--if-none")
    assert Group.objects.count() == 2
