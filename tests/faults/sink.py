"""A mail server as a process of its own: python -m tests.faults.sink PORT FILE. One line of JSON per letter it took."""

import asyncio
import json
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, file):
        self.file = file

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        kept = {"at": time.time(), "id": message["Message-ID"], "date": message["Date"], "to": envelope.rcpt_tos}
        with self.file.open("a") as lines:
            lines.write(json.dumps(kept) + "\n")
        return "250 Kept"


async def serve(port, file):
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Keeper(file)), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
