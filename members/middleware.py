"""A signed-in member reads in their own language and sees their own clock; signed-in pages stay out of shared caches.
Everybody else is led to the sign-in page and back."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone, translation

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
