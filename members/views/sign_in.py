"""What is open to people who are not signed in, besides an invitation: looking around a demo, language and light."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from members.demo import demo_members
from members.models import Member
from members.numbers import whole

BACKEND = "django.contrib.auth.backends.ModelBackend"
YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def look_around(request):
    """In DEBUG, be one of the demo group's people without a password."""
    member = get_object_or_404(demo_members(), pk=whole(request.POST.get("member")))
    login(request, member, backend=BACKEND)
    return _back(request)


@login_not_required
@require_POST
def language(request):
    """The language of the pages: kept in a cookie, and for members also in their profile, where notifications find it."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen not in dict(settings.LANGUAGES) or not check_for_language(chosen):
        return response
    if request.user.is_authenticated:
        Member.objects.filter(pk=request.user.pk).update(language=chosen)
    return _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)


@login_not_required
@require_POST
def theme(request):
    """Light or dark by hand; anything else is as the device says."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in {"light", "dark"}:
        return _remember(response, settings.THEME_COOKIE_NAME, chosen)
    response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
    return response


def _remember(response, name, value):
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response


def _back(request):
    """To the page the button was on, as long as it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if ours else "/", status=303)
