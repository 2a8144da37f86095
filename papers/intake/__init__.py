"""How papers come in: uploads, pasted numbers, and what a phone shares."""
