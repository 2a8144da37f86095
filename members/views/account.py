"""One's own account: proving again who one is, what happened with it, and taking back a change of address."""

from functools import wraps

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.mfa.recovery_codes import views as recovery_views
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members import activity, address_changes, audit, reauthentication
from members.access import group_organizer
from members.limits import limited, too_many

CODES_AN_HOUR = 5


@require_safe
def my_activity(request):
    return render(request, "members/my_activity.html", {"events": activity.of_person(request.user, request.GET)})


@require_safe
@group_organizer
def group_activity(request, group):
    return render(request, "members/group_activity.html", {"events": activity.of_group(group, request.GET)})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo_address(request, token):
    """GET shows a page with a button; afterwards the same page says what comes next."""
    change = address_changes.read_token(token)
    if change is None:
        return render(request, "members/undo_address.html", {"state": "unknown"}, status=404)
    taken = False
    if request.method == "POST":
        try:
            address_changes.undo(change, at=now())
            return redirect("members:undo_address", token)
        except address_changes.AddressTaken:
            taken = True
    state = "taken" if taken else _state(change, now())
    with translation.override(change.member.language):
        page = {"change": change, "state": state}
        return render(request, "members/undo_address.html", page, status={"late": 410, "taken": 409}.get(state, 200))


def _state(change, at):
    if change.undone_at:
        return "undone"
    return "open" if change.can_be_undone(at) else "late"


# ── proving again who one is ─────────────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove_by_code(request):
    """A code by mail, for an account that has no password and no second step to ask for."""
    way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    if way != request.path:
        return redirect(way)
    code = reauthentication.MailedCode.waiting(request)
    if request.method != "POST":
        return _code_page(request, code)
    if "send" in request.POST:
        if wait := limited(f"mailed-code:{request.user.pk}", CODES_AN_HOUR, 3600):
            return too_many(request, wait)
        reauthentication.MailedCode.begin(request)
        return redirect(request.get_full_path())
    form = ConfirmLoginCodeForm(request.POST, code=code.code if code else "")
    if code and form.is_valid():
        code.finish()
        return resume_request(request) or redirect("members:me")
    if code:
        code = code if code.record_invalid_attempt() else None
    return _code_page(request, code, form)


def _code_page(request, code, form=None):
    page = {"form": form or ConfirmLoginCodeForm(), "sent": code is not None}
    return render(request, "members/prove_by_code.html", page, status=422 if form else 200)


def _proved_of_late(view):
    """Ask for a proof before a page of allauth's that does not ask by itself. What was typed there is not kept."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if reauthentication.is_recent(request):
            return view(request, *args, **kwargs)
        way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return redirect(f"{way}?{urlencode({'next': request.path})}")

    return guarded


set_password = _proved_of_late(account_views.password_set)


def _recorded(view):
    """Record that recovery codes were looked at."""

    @wraps(view)
    def seen(request, *args, **kwargs):
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                audit.record("recovery_codes_viewed", by=request.user, about=request.user)
        return response

    return seen


recovery_codes = _recorded(recovery_views.view_recovery_codes)
download_recovery_codes = _recorded(recovery_views.download_recovery_codes)
