"""One GET below the level of HTTP: who is called, what a handshake may take, whose certificate counts, what is no HTTP."""

import datetime
import logging
import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from papers.lookup.catalogues import transport
from papers.lookup.catalogues.transport import Catalogue, CatalogueError, get

NAME = "catalogue.example"
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"


@contextmanager
def serving(talk):
    """The port of a server that hands each connection to `talk`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            while True:
                try:
                    plug, _address = listening.accept()
                except OSError:
                    return
                with plug:
                    try:
                        talk(plug)
                    except OSError:
                        pass  # the caller has hung up

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def saying(raw):
    def talk(plug):
        plug.recv(4096)
        plug.sendall(raw)

    return talk


def ask(base, seconds=2.0):
    return get(Catalogue("x", base, "tests/1", seconds=seconds), "/works/x?api_key=secret")


def state_of(base, **limits):
    with pytest.raises(CatalogueError) as caught:
        ask(base, **limits)
    return caught.value.state


@pytest.fixture
def resolved(monkeypatch):
    """The names that were looked up; all of them are this machine."""
    names, real = [], socket.getaddrinfo

    def look_up(host, *words, **more):
        names.append(host)
        return real("127.0.0.1", *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """Where the certificate and key of NAME are, which is the only one that is trusted here."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    made = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "both.pem"
    path.write_bytes(made + secret)
    monkeypatch.setattr(transport, "_tls", lambda: ssl.create_default_context(cadata=made.decode()))
    return path


@pytest.fixture
def secure(certificate):
    """(port, the server names that callers gave) of a server with that certificate."""
    context, names = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _plug, name, _context: names.append(name)

    def talk(plug):
        with context.wrap_socket(plug, server_side=True) as inside:
            saying(WHOLE)(inside)

    with serving(talk) as port:
        yield port, names


def test_a_name_is_looked_up_once_and_that_address_is_called(resolved):
    with serving(saying(WHOLE)) as port:
        assert ask(f"http://{NAME}:{port}") == b"here"
    assert resolved == [NAME, "127.0.0.1"]  # an address resolves to itself


def test_the_next_address_is_called_when_one_does_not_answer(monkeypatch):
    real = socket.getaddrinfo

    def look_up(host, *words, **more):
        hosts = ["127.0.0.2", "127.0.0.1"] if host == NAME else [host]
        return [place for one in hosts for place in real(one, *words, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with serving(saying(WHOLE)) as port:
        assert ask(f"http://{NAME}:{port}") == b"here"


def test_the_certificate_is_that_of_the_name_and_not_of_the_address(resolved, secure):
    port, names = secure
    assert ask(f"https://{NAME}:{port}") == b"here"
    assert state_of(f"https://other.example:{port}") == "slow"
    assert names == [NAME, "other.example"]


def test_a_certificate_that_nobody_vouches_for_is_refused(resolved, secure, monkeypatch):
    monkeypatch.undo()  # the certificates of this machine again
    port, names = secure
    assert state_of(f"https://localhost:{port}") == "slow"
    assert names == ["localhost"]


def test_a_trickle_within_the_handshake_does_not_hold_us_either():
    def drip(plug):
        plug.sendall(b"\x16\x03\x03\x3f\xff")  # a long message of a handshake begins
        for _ in range(60):
            plug.sendall(b"\x02")
            time.sleep(0.05)

    with serving(drip) as port:
        began = time.monotonic()
        assert state_of(f"https://127.0.0.1:{port}", seconds=0.6) == "slow"
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 many OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\nhere",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    ],
    ids=["nothing", "ssh", "status", "chunk", "half", "headers"],
)
def test_what_is_no_http_is_no_answer(raw):
    with serving(saying(raw)) as port:
        assert state_of(f"http://127.0.0.1:{port}") == "slow"


def test_a_key_in_an_address_is_not_logged(caplog):
    with caplog.at_level(logging.DEBUG), serving(saying(WHOLE)) as port:
        assert ask(f"http://127.0.0.1:{port}") == b"here"
    assert "secret" not in caplog.text


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_proxy_of_the_environment_is_asked(monkeypatch, variable):
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    with serving(saying(WHOLE)) as port:
        assert ask(f"http://127.0.0.1:{port}") == b"here"
