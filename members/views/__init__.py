"""The pages of people, groups and invitations."""
