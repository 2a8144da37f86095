"""Behind rotation.py: what a fair term is, reckoned, proved and said in words."""
