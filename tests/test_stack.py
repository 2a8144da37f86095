"""The processes of a test end with it, those that do not listen, too."""

import subprocess
import sys

from tests.stack import stopped

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
WILLING = "import time; print(flush=True); time.sleep(600)"


def test_a_process_that_does_not_listen_is_named_and_ends_like_the_others():
    processes = {
        name: subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        for name, code in {"deaf": DEAF, "willing": WILLING}.items()
    }
    for process in processes.values():
        process.stdout.readline()
    assert stopped(processes, patience=1) == ["willing"]
    assert [process.poll() for process in processes.values()] == [-9, -15]
    for process in processes.values():
        process.stdout.close()
