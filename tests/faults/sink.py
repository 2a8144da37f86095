"""A mail server as a process of its own: python -m tests.faults.sink PORT FILE. One line of JSON per notification it took.

With --keep-nothing in place of FILE it only answers, for whoever measures the sender.
"""

import asyncio
import json
import random
import sys
import time
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self, file):
        self.file = file

    async def handle_DATA(self, server, session, envelope):
        message = BytesHeaderParser().parsebytes(envelope.content)
        at = time.time()
        await asyncio.sleep(random.uniform(0, 0.1))  # as servers do: time to die between the last line and the answer
        kept = {"at": at, "id": message["Message-ID"], "date": message["Date"], "to": envelope.rcpt_tos}
        with self.file.open("a") as lines:
            lines.write(json.dumps(kept) + "\n")
        return "250 Kept"


class Forgetter:
    async def handle_DATA(self, server, session, envelope):
        return "250 Read"


async def serve(port, handler):
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    port, keep = sys.argv[1:]
    asyncio.run(serve(int(port), Forgetter() if keep == "--keep-nothing" else Keeper(Path(keep))))
