"""What Celery runs: the tick of every minute, and the tasks that wake it."""
