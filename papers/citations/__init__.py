"""Papers as BibTeX, RIS and CSL-JSON, and reading lists brought in from .bib files."""
