"""The search box: from a few letters to a paper, a session, a person or an action.

Begin with palette.py.
"""
