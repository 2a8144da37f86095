"""What is made of the record: slides, decks, activity sheets, the attendance register, figures.

Begin with slides.py, which says what a report contains; deck.py draws it.
"""
