"""Reads what people bring in a process apart, which has no files, no network, no other process and little memory.

Begin with `process.py`: `run` asks one question of a process of its own, `Reader` keeps one for many. `child.py` is that
process and `lockdown.py` what it gives up before it looks into a file. Plain Python: no part of it knows Django.

A task is "module:function". The module imports at its top all that the function needs, and looks up the codecs it needs:
nothing can be opened any more when the function is called, as function(data, **how). It returns a dict, or yields several,
of what JSON knows and of bytes; what it yielded before it failed is kept. A module may have a function `prepare(**how)`, called before anything is given up
and before the file is read; it returns what the task gets as **how.
"""


class Unreadable(Exception):
    """A task does not take this file; `reason` is a code that becomes the answer's "error"."""

    def __init__(self, reason: str, words: str = ""):
        self.reason = reason
        super().__init__(words or reason)
