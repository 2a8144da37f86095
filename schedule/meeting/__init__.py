"""What is kept of a meeting: who came, what was said, how it looked, and the sheets that a club hands in."""
