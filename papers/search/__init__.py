"""How a word is found in papers: pieces of words (bigrams.py) in SQLite FTS5 or PostgreSQL (index.py)."""
