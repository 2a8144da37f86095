"""Public catalogues of papers: what an identifier is, how to ask arXiv, Crossref and OpenAlex, and what they answer.

Plain Python; registry.py names them. The rows that remember what was asked are in papers/lookup/requests.py.
"""
