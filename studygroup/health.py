"""/health/: is the database there, do notifications go out? For load balancers and watchers; says nothing about anybody."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import JsonResponse
from django.utils.module_loading import import_string
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from members.sandbox import process


@login_not_required
@never_cache
def health(request):
    """200 while the database answers: notifications that wait, or a kernel that confines less, are no reason to take the pages away."""
    try:
        report = import_string(settings.HEALTH_REPORT)(now())
    except DatabaseError:
        return JsonResponse({"database": "away"}, status=503, headers={"Retry-After": "5"})
    return JsonResponse({"database": "ok", "confinement_of_file_reading": process.confinement()} | report)
