"""Headers for every answer: no other site may load any of it (Fetch, section 3.7), and an address that is a key is not told."""

from studygroup.secret_addresses import has_secret


class ResourcePolicyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if has_secret(request.resolver_match):
            _tell_no_address(response)
        return response


def _tell_no_address(response):
    """Let the next page learn the host it was left from, and not the address.

    Not "no-referrer", as a form would then come with "Origin: null", and be refused (Fetch, section 3.2).
    """
    if response.headers.get("Referrer-Policy") != "no-referrer":
        response.headers["Referrer-Policy"] = "strict-origin"
