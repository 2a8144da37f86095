"""Messages of Celery as files in a folder, written whole: kombu's filesystem transport without its races.

kombu opens a file under its final name and writes into it afterwards, so that a reader sometimes finds it empty and dies of
that. Here whatever others may read is written under a name that nobody looks for, and then renamed.
"""

import logging
import time
from collections import defaultdict, deque
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from queue import Empty
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

LEFT_BEHIND = 3600.0  # seconds after which a file under a hidden name belongs to nobody any more


class Channel(filesystem.Channel):
    """Puts, takes and routes messages. A hidden name is one that no queue's messages have."""

    def _put(self, queue, payload, **kwargs):
        """Add a message; it appears whole or not at all."""
        _write(Path(self.data_folder_out) / f"{time.time_ns()}_{uuid4()}.{queue}.msg", payload)

    def _get(self, queue):
        """Return the oldest message that can be read, or raise Empty; one that cannot be read is removed."""
        while name := self._next_name(queue):
            file = Path(self.data_folder_in) / name
            try:
                taken = file.rename(file.with_name(f".{name}"))
            except FileNotFoundError:  # somebody else has taken it
                continue
            payload = self._read(taken)
            taken.unlink(missing_ok=True)
            if payload is not None:
                return payload
        raise Empty

    def _next_name(self, queue):
        """Return the file name of the oldest message, or None; the folder is listed once for all that lie in it."""
        names = self._listed[queue]
        if not names:
            found = [file.name for file in Path(self.data_folder_in).iterdir()]
            names.extend(sorted(name for name in found if name.partition(".")[2] == f"{queue}.msg"))
        return names.popleft() if names else None

    @cached_property
    def _listed(self):
        return defaultdict(deque)

    def _read(self, file):
        """Return the message in this file, or None."""
        try:
            payload = loads(file.read_bytes())
            self.Message(payload, channel=self)  # raises where a part is missing that delivery needs
            return payload
        except Exception as error:  # JSON, text, base64, fields, the disk: nothing in a file may stop the worker
            log.warning("A message cannot be read and is dropped: %s: %r", file.name.removeprefix("."), error)
            return None

    def get_table(self, exchange):
        """Return which queues get what is sent to this exchange."""
        file = self._exchange_file(exchange)
        try:
            return [filesystem.exchange_queue_t(*row) for row in loads(file.read_bytes())]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ChannelError(f"Cannot open {file}") from error
        except (ValueError, TypeError) as error:  # left by kombu's own: the next binding writes it again
            log.warning("%s cannot be read and counts as empty: %r", file.name, error)
            return []

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone(exchange):
            table = self.get_table(exchange)
            if row not in table:
                _write(self._exchange_file(exchange), [row, *table])

    def _delete(self, queue, exchange, routing_key, pattern, *args, **kwargs):
        """Remove a queue's messages and one of its bindings."""
        self._purge(queue)
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._alone(exchange):
            table = self.get_table(exchange)
            if row in table:
                _write(self._exchange_file(exchange), [other for other in table if other != row])

    @contextmanager
    def _alone(self, exchange):
        """Let one process at a time change the table of an exchange."""
        with self._exchange_file(exchange).with_suffix(".lock").open("wb") as file:
            filesystem.lock(file, filesystem.LOCK_EX)
            try:
                yield
            finally:
                filesystem.unlock(file)


class Transport(filesystem.Transport):
    """Connects to the folders named in the transport options, and makes them where they are missing."""

    Channel = Channel
    # a folder that cannot be reached for a moment: the worker connects again instead of ending
    connection_errors = (*filesystem.Transport.connection_errors, OSError)

    def __init__(self, client, **kwargs):
        super().__init__(client, **kwargs)
        # of this connection, not of the process: after a new connection every binding is written again
        self.state = virtual.BrokerState()

    def establish_connection(self):
        options = self.client.transport_options
        for name in ("data_folder_in", "data_folder_out", "control_folder"):
            folder = Path(options[name])
            folder.mkdir(parents=True, exist_ok=True)
            _tidy(folder)
        return super().establish_connection()


def _write(file, content):
    """Make `file` appear with this content, or leave what is there."""
    hidden = file.with_name(f".{uuid4()}.new")
    try:
        hidden.write_bytes(dumps(content).encode())
        hidden.replace(file)
    except OSError as error:
        hidden.unlink(missing_ok=True)
        raise ChannelError(f"Cannot write {file}") from error


def _tidy(folder):
    """Remove what processes left behind that were killed while they wrote or read."""
    before = time.time() - LEFT_BEHIND
    for file in (*folder.glob(".*.new"), *folder.glob(".*.msg")):
        try:
            if file.stat().st_ctime < before:  # ctime: a rename counts, so that a message just taken stays
                file.unlink()
        except OSError:  # somebody else was faster
            continue
