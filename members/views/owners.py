"""The owner of an address comes to an account that others may have used: by a code, and to a question about its groups."""

from allauth.account.views import ConfirmLoginCodeView
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members import address_proof, membership
from members.forms import StayForm


class ConfirmCodeView(ConfirmLoginCodeView):
    """allauth's; the code proves the address to which it went."""

    def _verify_form_valid(self, form):
        member = self._process.user
        with transaction.atomic():
            if member.email == self._process.state["email"].lower():
                address_proof.prove(self.request, member)
                member.refresh_from_db()
            return super()._verify_form_valid(form)


def review_groups(request):
    """Ask once in which groups to stay that were joined before the address was proved; leaving is leaving as ever."""
    if not request.user.must_review_groups:
        return redirect("members:start")
    places = request.user.memberships.current().select_related("group", "member").order_by("group__name")
    form = StayForm(request.POST if request.method == "POST" else None, places=places)
    if not form.is_valid():
        return render(request, "members/review_groups.html", {"form": form}, status=422 if form.is_bound else 200)
    for group in _leave(request.user, [place for place in places if place.pk not in form.cleaned_data["stay"]]):
        words = _("%(group)s needs an organizer. Make somebody else organizer on its page of members, then leave.")
        messages.error(request, words % {"group": group})
    return redirect("members:start")


@transaction.atomic
def _leave(member, places):
    """Leave, and ask no more; return the groups whose last organizer the member is."""
    kept = []
    for place in places:
        try:
            membership.change(place, "leave", by=member)
        except membership.LastOrganizer:
            kept.append(place.group)
    member.must_review_groups = False
    member.save(update_fields=["must_review_groups"])
    return kept
