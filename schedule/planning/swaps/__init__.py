"""A turn is offered to one person or to the group, accepted, declined, taken back and undone.

Begin with offers.py.
"""
