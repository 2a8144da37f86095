"""One careful GET: to a named host only, over TLS, to a public address, in limited time and size, never led elsewhere."""

import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

NOTHING, SLOW, LIMITED, GARBLED, TOO_LARGE = "nothing", "slow", "limited", "garbled", "too_large"
RECORD_LIMIT = 8 * 1024 * 1024
REDIRECTS = 3
CHUNK = 64 * 1024
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
    deadline = time.monotonic() + catalogue.seconds
    home = urlsplit(catalogue.base)
    url = catalogue.base.rstrip("/") + path
    try:
        for _hop in range(REDIRECTS + 1):
            with _Answer(catalogue, url, deadline) as answer:
                if 300 <= answer.status < 400:
                    url = _followed(home, url, answer.response.getheader("Location"))
                    continue
                _check(answer.response)
                return _body(answer.response, catalogue.limit, write)
        raise CatalogueError(GARBLED, "sent in circles")
    except (OSError, http.client.HTTPException) as error:  # ssl.SSLError and TimeoutError are OSErrors
        raise CatalogueError(SLOW, f"{type(error).__name__}: {error}") from error
    except ValueError as error:
        raise CatalogueError(GARBLED, f"not HTTP: {error}") from error


class _Answer:
    """The open answer to one GET; closed with the block."""

    def __init__(self, catalogue: Catalogue, url: str, deadline: float):
        parts = urlsplit(url)
        self.socket = _connect(parts, deadline)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname or "", parts.port)
        self.connection.sock = _Patient(self.socket, deadline)
        asked = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {"User-Agent": catalogue.agent, "Accept-Encoding": "identity", "Connection": "close"}
        try:
            self.connection.request("GET", asked, headers=headers)
            self.response = self.connection.getresponse()
        except BaseException:
            self.socket.close()
            raise
        self.status = self.response.status

    def __enter__(self) -> "_Answer":
        return self

    def __exit__(self, *error: object) -> None:
        self.response.close()
        self.socket.close()


class _Patient:
    """A socket, as http.client wants one, whose every wait ends at one deadline: a trickle of bytes cannot hold us."""

    def __init__(self, plug: socket.socket, deadline: float):
        self.plug, self.deadline = plug, deadline

    def hurry(self) -> socket.socket:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no whole answer in time")
        self.plug.settimeout(left)
        return self.plug

    def sendall(self, data: bytes) -> None:
        self.hurry().sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """The connection lets go of it before its answer is read; _Answer closes it."""


class _Incoming(io.RawIOBase):
    def __init__(self, patient: _Patient):
        self.patient = patient

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.patient.hurry().recv_into(buffer)


def _connect(parts: SplitResult, deadline: float) -> socket.socket:
    """A socket to an address that was looked at: the name is resolved once, so it cannot change in between."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if host in PUBLIC and parts.scheme != "https":
        raise CatalogueError(GARBLED, f"{host} is asked over https only")
    places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if host in PUBLIC and not all(is_public(str(place[4][0])) for place in places):
        raise CatalogueError(SLOW, f"{host} resolves to an address that is not public")
    for number, (family, kind, protocol, _name, address) in enumerate(places, start=1):
        plug = socket.socket(family, kind, protocol)
        try:
            plug.settimeout(max(0.01, deadline - time.monotonic()))
            plug.connect(address)
            return _wrapped(plug, host) if parts.scheme == "https" else plug
        except OSError:
            plug.close()
            if number == len(places):
                raise
    raise CatalogueError(SLOW, f"{host} has no address")


def _wrapped(plug: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plug, server_hostname=host)


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


def _check(response: http.client.HTTPResponse) -> None:
    status = response.status
    wait = _wait(response.getheader("Retry-After"))
    if status in {404, 410}:
        raise CatalogueError(NOTHING, f"HTTP {status}")
    if status in {403, 429} or (status == 503 and wait):
        raise CatalogueError(LIMITED, f"HTTP {status}", wait)
    if status >= 500:
        raise CatalogueError(SLOW, f"HTTP {status}")
    if status != 200 or response.getheader("Content-Encoding", "identity") != "identity":
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


def _body(response: http.client.HTTPResponse, limit: int, write: Callable[[bytes], object] | None) -> bytes:
    if response.length is not None and response.length > limit:
        raise CatalogueError(TOO_LARGE, f"{response.length} bytes")
    kept, size = io.BytesIO(), 0
    while piece := response.read(CHUNK):
        size += len(piece)
        if size > limit:
            raise CatalogueError(TOO_LARGE, f"more than {limit} bytes")
        (write or kept.write)(piece)
    if response.length:
        raise CatalogueError(SLOW, f"broke off with {response.length} bytes to go")
    return kept.getvalue()
