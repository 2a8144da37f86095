"""What the app's side and the child's say to each other over a Unix socket: a length, then so many bytes; files go along open."""

import base64
import json
import socket
import struct
from typing import Any

LENGTH = struct.Struct("!Q")
BYTES = "__bytes__"


def send(line: socket.socket, body: bytes, files: tuple[int, ...] = ()) -> None:
    """Send one message, and the descriptors with it."""
    socket.send_fds(line, [LENGTH.pack(len(body))], files)
    line.sendall(body)


def receive(line: socket.socket, most: int) -> tuple[bytes, list[int]] | None:
    """Return the next message and its descriptors; None where the other side is gone. Raise ValueError if it is longer."""
    head, files, _, _ = socket.recv_fds(line, LENGTH.size, 1)
    if len(head) < LENGTH.size:
        return None
    (left,) = LENGTH.unpack(head)
    if left > most:
        raise ValueError("The message is too long.")
    body = bytearray()
    while left > len(body):
        piece = line.recv(min(1 << 18, left - len(body)))
        if not piece:
            return None
        body += piece
    return bytes(body), files


def pack(value: Any) -> bytes:
    """Return what JSON knows, and bytes, as one line."""
    return json.dumps(value, default=_as_text).encode() + b"\n"


def unpack(line: bytes) -> Any:
    """Undo `pack`. Raise ValueError or RecursionError for what it never made."""
    return json.loads(line, object_hook=_as_bytes)


def _as_text(value: Any) -> dict:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} cannot be carried")
    return {BYTES: base64.b64encode(value).decode()}


def _as_bytes(found: dict) -> Any:
    return base64.b64decode(found[BYTES]) if found.keys() == {BYTES} else found
