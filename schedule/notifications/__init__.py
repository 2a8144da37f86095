"""Mail about sessions: what is due and why, what it says, and how it is handed over once.

reminders.py says what is due now, news.py what a change means, wording.py what it says, outbox.py how it goes out.
"""
