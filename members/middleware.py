"""A signed-in member reads in their own language and sees their own clock; signed-in pages stay out of shared caches."""

from django.utils import timezone, translation

from members.clocks import zone_of


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
