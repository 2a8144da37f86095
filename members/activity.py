"""What happened, for those whom it concerns: a person's own account, and a group for its organizers."""

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from members.models import AuditEvent, Group, Member

PER_PAGE = 50


def of_person(member: Member, asked) -> Page:
    """Return a page of what this person did and what was done to their account; `asked` names the page.

    From where is told of what they did themselves, and of what somebody did who is not known: a failed sign-in.
    """
    page = _page(AuditEvent.objects.filter(Q(by=member) | Q(about=member)), asked)
    for event in page:
        # the link that undoes a change of address needs no sign-in: whoever pressed the button may be somebody else
        event.shows_origin = event.by_id in {member.pk, None} and event.kind != "address_restored"
    return page


def of_group(group: Group, asked) -> Page:
    """Return a page of what was done in a group. It names who did it, and nothing of where they were."""
    return _page(group.audit_events.all(), asked)


def _page(events: QuerySet, asked) -> Page:
    return Paginator(events.select_related("by", "about", "group"), PER_PAGE).get_page(asked.get("page"))
