"""A signed-in member reads in their own language and sees their own clock; signed-in pages stay out of shared caches.
Everybody else is led to the sign-in page and back. A form has one effect however often it is sent, and an address that
is there for a form only leads to the page of that form."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members import devices, form_tokens
from members.models import Member
from members.records import SentForm
from members.scripts import from_script, sent_from, signed_out
from members.time_zones import zone_of


class SignInMiddleware(LoginRequiredMiddleware):
    """Lead people without a sign-in to the sign-in page; answer scripts with 401, which cannot be taken for "saved".

    After a sign-in one is back on the page that was asked for, or that the form stands on: the address that a form is
    sent to often has no page of its own.
    """

    def handle_no_permission(self, request, view_func):
        by_script = from_script(request)
        if request.method in {"GET", "HEAD"} and not by_script:
            return super().handle_no_permission(request, view_func)
        login_url, field = self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        way = redirect_to_login(sent_from(request), login_url, field)
        return signed_out(request, way.url) if by_script else way


class MemberMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        with timezone.override(zone_of(request.user)):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Whoever has not said in which groups to stay is asked before any page of a group."""
        if request.method == "POST" and request.user.is_authenticated and not _is_still_signed_in(request):
            logout(request)
            way = redirect_to_login(sent_from(request))
            return signed_out(request, way.url) if from_script(request) else way
        here = request.resolver_match
        asks_first = "slug" in view_kwargs or here.view_name == "members:start"
        if asks_first and request.user.is_authenticated and request.user.must_review_groups:
            return redirect("members:review_groups")
        return None


def _is_still_signed_in(request) -> bool:
    """Return whether the sign-in counts now that the whole request is here.

    It was looked at before the body came, which may take as long as its sender likes: meanwhile the account may have
    got another password, gone back to its owner, or been made inactive.
    """
    request.POST  # noqa: B018 (reads the body)
    member = Member.objects.filter(pk=request.user.pk, is_active=True).first()
    return member is not None and member.get_session_auth_hash() == request.user.get_session_auth_hash()


class FormMiddleware:
    """What holds for every form and the address that it is sent to; who has signed in by one is known again on this browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if sent := getattr(request, "sent_form", None):
            form_tokens.finish(sent, request, response)
        devices.remember(request, response)
        if response.status_code == 405 and request.method in {"GET", "HEAD"} and not from_script(request):
            return redirect(page_above(request.path))
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Scripts are left alone: what they send is a state, which may be sent as often as one likes. So is who is not
        signed in: a second sending would be led where only the first, which got the cookie, may go."""
        if request.method != "POST" or not request.user.is_authenticated or from_script(request):
            return None
        if not request.POST.get(form_tokens.FIELD):
            return None
        first = form_tokens.first_or_answer(request)
        if isinstance(first, SentForm):
            request.sent_form = first
            return None
        if first:
            messages.info(request, _("This was sent twice. It counts once."))
            return redirect(first)
        messages.warning(
            request, _("This was sent twice, and nothing has come of it yet. Look here again in a moment.")
        )
        return redirect(sent_from(request))


def page_above(path: str) -> str:
    """Return the nearest address above this one that is known here; it may lead further up in turn."""
    parts = path.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:count])}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return "/"
