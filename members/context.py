"""What every page's frame needs: the group one is in, one's place in it, the chosen theme."""

from django.conf import settings

SECTIONS = {
    "": "home",
    "papers": "papers",
    "schedule": "schedule",
    "notifications": "notifications",
    "members": "members",
}


def shell(request):
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "group": getattr(request, "group", None),
        "me": getattr(request, "membership", None),
        "section": section_of(request.path),
        "theme": theme if theme in {"light", "dark"} else "",
        "debug": settings.DEBUG,
    }


def section_of(path: str) -> str:
    """'/g/cv/papers/3/' -> 'papers': which entry of the menu is the current one."""
    parts = path.split("/")
    return SECTIONS.get(parts[3], "") if len(parts) > 3 and parts[1] == "g" else ""
