"""The page of a session and of its record."""
