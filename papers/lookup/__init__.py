"""What public catalogues say about a paper: who asks (queue.py), what is merged (merge.py), what a person decides (panel.py)."""
