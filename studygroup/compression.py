"""Pages travel compressed; files, downloads and everything that is asked for in parts travel as they are.

Compressing what a secret stands in could tell its length to somebody who makes a visitor's browser ask again and again
(BREACH). Three things forbid it: cookies are SameSite=Lax, so another site asks as nobody; Django masks the form token anew
in every answer; and it adds a random number of bytes to what it compresses.
"""

from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    def process_response(self, request, response):
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page and not response.streaming else response
