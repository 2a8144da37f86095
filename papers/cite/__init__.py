"""How papers are cited: out as BibTeX, RIS and CSL-JSON, in from a .bib file."""
