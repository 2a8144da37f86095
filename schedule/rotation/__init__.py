"""Who presents when: the fair turns of a term, their spacing, and what earlier terms left behind.

Imports models only. Begin with solver.py.
"""
