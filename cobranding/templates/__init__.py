"""Templates: designs of the brand, in versions that never change once they are published.

Partners see what is or was published; the brand sees drafts too. Others call `cobranding.templates.service`.
"""
