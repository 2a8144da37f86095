"""The pages and files of reports, and of the slides a group brings along."""
