"""Behind calendar_feed.py: the secret addresses of feeds, and sessions as invitations by mail."""
