"""A whole group as one zip, to read without us and to bring in on another server. docs/export.md tells its format."""
