"""Whose eyes a visitor may look through while nothing is at stake: the demo group's people, in DEBUG only."""

from django.conf import settings

from members.models import Member

DEMO_DOMAIN = "demo.invalid"  # nobody can receive mail there


def demo_members():
    """Nobody at all outside DEBUG; of accounts, only those that the demo made."""
    if not settings.DEBUG:
        return Member.objects.none()
    people = Member.objects.without_operators().filter(is_active=True, email__endswith=f"@{DEMO_DOMAIN}")
    return people.filter(memberships__isnull=False).distinct().order_by("pk")
