"""Contacts of a partner, the consent each of them gave, and the addresses that must never be mailed.

A contact belongs to its partner and never to the brand: brand staff see counts, and row security refuses them the rows.
A **suppression** is a keyed hash of an address, so it outlives the contact that it was made from. Used by `launches`
and `sending`.
"""
