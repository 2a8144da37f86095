"""Behind planning.py: a term as it would be, and what changes in one that people know already."""
