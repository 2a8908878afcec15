"""A campaign in a box: ordered touches, a template for each, timing, texts per locale, advice on the audience.

A kit has numbered versions; a published version never changes, so that what a partner launched is what the brand
published. Used by `launches`; imports nothing of the other campaign nouns.
"""
