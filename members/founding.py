"""How a group begins: somebody starts it, and leads it until others do."""

import secrets

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from members import accounts, audit, membership
from members.models import Group, Membership


@transaction.atomic
def start_group(*, by, name: str, club: str = "", language: str, timezone: str, country: str = "KR") -> Group:
    """A new group whose organizer is the person who starts it."""
    group = make_group(name=name, club=club, language=language, timezone=timezone, country=country)
    audit.record("group_created", by=by, group=group)
    membership.enter(group, by, Membership.ORGANIZER)
    return group


@transaction.atomic
def found_group(*, name: str, email: str, person_name: str, password: str, language: str, timezone: str) -> Group:
    """The first group of a server, together with the account of its first organizer."""
    organizer = accounts.open_account(
        email=email, name=person_name, password=password, language=language, timezone=timezone, verified=True
    )
    return start_group(by=organizer, name=name, language=language, timezone=timezone)


def make_group(**fields) -> Group:
    """The address is made from the name; where it is taken, or the name has no Latin letters, with a few random ones."""
    base = slugify(fields["name"])[:40].strip("-")
    addresses = [base] if len(base) > 1 else []
    addresses += ["-".join(filter(None, [base or "study", secrets.token_hex(3)])) for _ in range(3)]
    for slug in addresses:
        try:
            with transaction.atomic():
                return Group.objects.create(slug=slug, **fields)
        except IntegrityError:
            continue
    raise IntegrityError("No free address for the group.")
