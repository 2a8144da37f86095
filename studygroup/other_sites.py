"""The other sites by which people may sign in, from the environment alone: one is offered when it has an id and a secret here."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from studygroup.environment import env

# allauth's name of each, its names in the environment, and the origins that its sign-in passes through: a form may lead there
SITES = {
    "google": ("GOOGLE_CLIENT_ID", "GOOGLE_SECRET", ["https://accounts.google.com"]),
    "github": ("GITHUB_CLIENT_ID", "GITHUB_SECRET", ["https://github.com"]),
    "kakao": ("KAKAO_CLIENT_ID", "KAKAO_SECRET", ["https://kauth.kakao.com", "https://accounts.kakao.com"]),
    "naver": ("NAVER_CLIENT_ID", "NAVER_SECRET", ["https://nid.naver.com"]),
}
PROVIDERS = "allauth.socialaccount.providers"


def other_sites() -> tuple[list[str], dict, list[str]]:
    """Return the apps to install, SOCIALACCOUNT_PROVIDERS, and the origins that forms may lead to."""
    apps, providers, origins = [], {}, []
    for name, app, passes in filter(None, (*map(_known, SITES), _apple(), _oidc())):
        apps.append(f"{PROVIDERS}.{name}")
        providers[name] = {"APPS": [app], "OAUTH_PKCE_ENABLED": name in {"google", "openid_connect"}}
        origins += passes
    return apps, providers, origins


def _known(name):
    *names, passes = SITES[name]
    said = _together(*names)
    return said and (name, {"client_id": said[0], "secret": said[1]}, passes)


def _apple():
    """Apple has no secret but a key, in one line of PEM with \\n for its line ends."""
    said = _together("APPLE_CLIENT_ID", "APPLE_TEAM_ID", "APPLE_KEY_ID", "APPLE_PRIVATE_KEY")
    if not said:
        return None
    client_id, team, key_id, key = said
    private = {"certificate_key": key.replace("\\n", "\n")}
    app = {"client_id": client_id, "key": team, "secret": key_id, "settings": private}
    return "apple", app, ["https://appleid.apple.com"]


def _oidc():
    """Any site that speaks OpenID Connect; its address is that above /.well-known/openid-configuration."""
    said = _together("OIDC_NAME", "OIDC_SERVER", "OIDC_CLIENT_ID", "OIDC_SECRET")
    if not said:
        return None
    name, server, client_id, secret = said
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ImproperlyConfigured(f"OIDC_SERVER must be an address such as https://id.example.org, not {server!r}.")
    app = {"provider_id": "site", "name": name, "client_id": client_id, "secret": secret}
    return "openid_connect", app | {"settings": {"server_url": server}}, [f"{parts.scheme}://{parts.netloc}"]


def _together(*names: str) -> list[str] | None:
    """Return what all of these say; None where none does."""
    said = [env(name) for name in names]
    if any(said) and not all(said):
        missing = ", ".join(name for name, value in zip(names, said, strict=True) if not value)
        raise ImproperlyConfigured(f"{missing} must be set, too: {', '.join(names)} belong together.")
    return said if all(said) else None
