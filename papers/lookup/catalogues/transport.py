"""One careful GET: to a named host only, over TLS, to a public address, in limited time and size, never led elsewhere.

httpx speaks HTTP. What it does not offer is here: one deadline for everything, and connections to checked addresses only.
It takes long to load and only workers ask, so it is imported at the first question.
"""

import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

if TYPE_CHECKING:
    import httpx
    from httpcore import NetworkStream

NOTHING, SLOW, LIMITED, GARBLED, TOO_LARGE = "nothing", "slow", "limited", "garbled", "too_large"
RECORD_LIMIT = 8 * 1024 * 1024
HEADERS_LIMIT = 64 * 1024
REDIRECTS = 3
SHORTEST_WAIT, LONGEST_WAIT = 1, 24 * 3600
# hosts that everybody may be sent to; any other one was named by whoever runs the server, who may name one at home
PUBLIC = {"export.arxiv.org", "api.crossref.org", "api.openalex.org"}


class CatalogueError(Exception):
    """No answer that can be used; `wait` is how many seconds the catalogue asks us to stay away."""

    def __init__(self, state: str, why: str, wait: int | None = None):
        super().__init__(why)
        self.state, self.wait = state, wait


@dataclass(frozen=True)
class Catalogue:
    """Where a source answers, and how we introduce ourselves there."""

    name: str
    base: str
    agent: str
    seconds: float = 10
    limit: int = RECORD_LIMIT


def get(catalogue: Catalogue, path: str, write: Callable[[bytes], object] | None = None) -> bytes:
    """The body of base + path, or handed to `write` piece by piece; every failure is a CatalogueError."""
    import httpx

    home, url = urlsplit(catalogue.base), catalogue.base.rstrip("/") + path
    if home.hostname in PUBLIC and home.scheme != "https":
        raise CatalogueError(GARBLED, f"{home.hostname} is asked over https only")
    headers = {"User-Agent": catalogue.agent, "Accept-Encoding": "identity", "Connection": "close"}
    # not a Client: that would log addresses with their keys, send cookies, and look at redirects itself
    with httpx.HTTPTransport(verify=_tls(), trust_env=False) as transport:
        transport._pool._network_backend = _Backend(time.monotonic() + catalogue.seconds)  # type: ignore[assignment]
        try:
            for _hop in range(REDIRECTS + 1):
                with closing(transport.handle_request(httpx.Request("GET", url, headers=headers))) as response:
                    _check(response)
                    if not response.is_redirect:
                        return _body(response, catalogue.limit, write)
                    url = _followed(home, url, response.headers.get("Location"))
            raise CatalogueError(GARBLED, "sent in circles")
        except (OSError, httpx.HTTPError) as error:  # ssl.SSLError and TimeoutError are OSErrors
            raise CatalogueError(SLOW, f"{type(error).__name__}: {error}") from error
        except (ValueError, httpx.InvalidURL) as error:
            raise CatalogueError(GARBLED, f"not HTTP: {error}") from error


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Backend:
    """Opens connections for httpx, as an httpcore.NetworkBackend, to an address that was looked at.

    The name is resolved once, so it cannot change in between.
    """

    def __init__(self, deadline: float):
        self.deadline = deadline

    def connect_tcp(self, host: str, port: int, **_of_httpx: Any) -> "_Stream":
        from httpcore import ConnectError, ConnectTimeout, SyncBackend

        addresses = [str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if host in PUBLIC and not all(map(is_public, addresses)):
            raise CatalogueError(SLOW, f"{host} resolves to an address that is not public")
        failed: Exception = OSError(f"{host} has no address")
        for address in addresses:
            try:
                return _Stream(SyncBackend().connect_tcp(address, port, _left(self.deadline)), self.deadline)
            except (ConnectError, ConnectTimeout) as error:
                failed = error
        raise failed


class _Stream:
    """An httpcore.NetworkStream whose every wait ends at one deadline: a trickle of bytes cannot hold us."""

    def __init__(self, stream: "NetworkStream", deadline: float):
        self.stream, self.deadline = stream, deadline
        self.close, self.get_extra_info = stream.close, stream.get_extra_info

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _left(self.deadline))

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str, timeout: float | None = None) -> "_Stream":
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, _left(self.deadline)), self.deadline)


def _left(deadline: float) -> float:
    """Seconds until then."""
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError("no whole answer in time")
    return left


def is_public(address: str) -> bool:
    """No loopback, private, link-local, multicast or reserved one, nor one of these dressed up as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        if ip.sixtofour or ip.teredo:
            return False
        inside = ip.ipv4_mapped
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inside or ip
    return ip.is_global and not ip.is_multicast


def _followed(home: SplitResult, url: str, location: str | None) -> str:
    """Where a redirect leads, if that is one of the catalogue's own hosts."""
    there = urlsplit(urljoin(url, location or ""))
    if not location or (there.scheme, there.hostname, there.port) != (home.scheme, home.hostname, home.port):
        raise CatalogueError(GARBLED, f"sent away to {there.hostname}")
    return there.geturl()


def _check(response: "httpx.Response") -> None:
    """A redirect, or a plain answer; a CatalogueError says what else it is."""
    status, wait = response.status_code, _wait(response.headers.get("Retry-After"))
    if sum(len(name) + len(value) + len(": \r\n") for name, value in response.headers.raw) > HEADERS_LIMIT:
        raise CatalogueError(SLOW, f"more than {HEADERS_LIMIT} bytes of headers")
    if status in {404, 410}:
        raise CatalogueError(NOTHING, f"HTTP {status}")
    if status in {403, 429} or (status == 503 and wait):
        raise CatalogueError(LIMITED, f"HTTP {status}", wait)
    if status >= 500:
        raise CatalogueError(SLOW, f"HTTP {status}")
    if response.is_redirect:
        return
    if status != 200 or response.headers.get("Content-Encoding", "identity") != "identity":
        raise CatalogueError(GARBLED, f"HTTP {status}")


def _wait(header: str | None) -> int | None:
    """Seconds, from a number or a date, at least one and at most a day."""
    if not header:
        return None
    seconds = None
    with suppress(ValueError):
        seconds = int(header)
    if seconds is None:
        with suppress(ValueError, TypeError):
            moment = parsedate_to_datetime(header)
            seconds = int((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None if seconds is None else min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _body(response: "httpx.Response", limit: int, write: Callable[[bytes], object] | None) -> bytes:
    if (length := int(response.headers.get("Content-Length", 0))) > limit:
        raise CatalogueError(TOO_LARGE, f"{length} bytes")
    kept, size = io.BytesIO(), 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > limit:
            raise CatalogueError(TOO_LARGE, f"more than {limit} bytes")
        (write or kept.write)(piece)
    return kept.getvalue()
