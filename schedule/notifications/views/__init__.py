"""The pages of notifications and of their times."""
