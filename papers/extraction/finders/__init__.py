"""Each finder reads one thing off the front page: title, authors, abstract, year, identifiers."""
