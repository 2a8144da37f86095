"""A group or a term as a zip to take away, a group brought in from one, and a group deleted.

tables.py says what belongs to a group.
"""
