"""/manifest.webmanifest: what a phone needs to put the app among its own, and into its share sheet. The reader's language."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

PAPER = "#fbfaf7"  # --paper of static/css/tokens.css: the ground of every page
ICONS = {"icon-192.png": (192, "any"), "icon-512.png": (512, "any"), "icon-maskable.png": (512, "maskable")}


@login_not_required
@require_GET
@vary_on_headers("Cookie", "Accept-Language")
def manifest(request):
    start = reverse("members:start")
    return JsonResponse(
        {
            "name": _("Reading Study"),
            "short_name": _("Reading Study"),
            "description": _("Read papers together: a shelf, turns, and notifications in time."),
            "lang": get_language(),
            "id": start,
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "theme_color": PAPER,
            "background_color": PAPER,
            "icons": [
                {"src": static(f"img/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
                for name, (size, purpose) in ICONS.items()
            ],
            "share_target": {
                "action": reverse("papers:arrive"),
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {
                    "title": "title",
                    "text": "text",
                    "url": "url",
                    "files": [{"name": "files", "accept": ["application/pdf", ".pdf"]}],
                },
            },
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
