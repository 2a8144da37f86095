"""Behind deck.py: what a report's slides say, how they look, and a club's own slides."""
