"""Behind swaps.py: with whom, by which link, and in which words."""
