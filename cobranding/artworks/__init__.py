"""Artworks: one partner's values for one template version, and what is produced from them.

A file is never kept: it is computed whenever it is asked for, from inputs gathered in a transaction and rendered
outside of it. Campaigns ask for the same through `cobranding.artworks.service`.
"""
