"""The addresses of the house, and one more for each page that says no: what users see seldom is to be looked at, too."""

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.urls import path

from members import limits
from studygroup import errors
from studygroup.urls import *  # noqa: F403 (the handlers, too)
from studygroup.urls import urlpatterns as ours


def broken_by(error):
    def view(request):
        try:
            raise error
        except Exception:
            return errors.broken(request)

    return view


urlpatterns = [
    *ours,
    path("no/400/", errors.bad_request),
    path("no/403/", errors.forbidden),
    path("no/404/", errors.not_found),
    path("no/413/", lambda request: errors.bad_request(request, RequestDataTooBig("too much"))),
    path("no/429/", limits.too_many),
    path("no/500/", broken_by(ValueError("something"))),
    path("no/503/", broken_by(OperationalError("away"))),
]
