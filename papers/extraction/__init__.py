"""PDF bytes in, Metadata out: reads what the front page of a paper says. Plain Python; the app goes through `sandbox`."""

from papers.extraction.metadata import Metadata, UnreadablePdf

__all__ = ["Metadata", "UnreadablePdf"]
