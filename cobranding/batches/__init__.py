"""Batches: one template version rendered for many partners at once, by the brand, into one zip.

Words: an *item* is one partner of a batch; its *part* holds its files until the zip is packed; a *claim* is what a job
has taken to render. Brand only: partners see nothing of a batch. Nothing imports from here but the roof.
"""
