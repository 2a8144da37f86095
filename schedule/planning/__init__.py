"""A term is planned, replanned, moved, cancelled and undone, and turns change hands.

Begin with term_plan.py and session_changes.py; changes.py keeps what can be undone.
"""
