"""The day itself: who came, minutes, photos, and closing the record.

Begin with attendance.py and minutes.py.
"""
