"""Sessions in calendar programs: the feed, its secret address, and the iCalendar objects.

Begin with calendar_feed.py.
"""
