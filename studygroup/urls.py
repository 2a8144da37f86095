"""Every address starts here; what concerns one group lies under /g/<slug>/."""

from django.contrib import admin
from django.urls import include, path

from studygroup import health, manifest

urlpatterns = [
    path("accounts/", include("members.account_urls")),
    path("", include("members.urls")),  # before allauth's: one of its pages is changed there
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("health/", health.health),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("", include("papers.urls")),
    path("", include("schedule.urls")),
    path("", include("studygroup.former_addresses")),
]
handler429 = "members.limits.too_many"  # asked for by allauth

handler400 = "studygroup.errors.bad_request"
handler403 = "studygroup.errors.forbidden"
handler404 = "studygroup.errors.not_found"
handler500 = "studygroup.errors.broken"
