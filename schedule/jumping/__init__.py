"""Behind jump.py: how near a text comes to what is typed, what the group's calendar holds, and what one can do here."""
