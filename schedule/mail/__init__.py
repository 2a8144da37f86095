"""Behind reminders.py, letters.py and outbox.py: what a letter knows and says, when it goes, and how it is handed over."""
