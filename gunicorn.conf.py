"""Read by gunicorn in its first process, which has the environment and never loads the app."""

from members.sandbox import lockdown

lockdown.hide()
