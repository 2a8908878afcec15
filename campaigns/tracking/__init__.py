"""Links, opens, clicks and unsubscribes: what recipients did, counted as people and without machines.

Words: an **event** is one request to a link, pixel or unsubscribe address, kept as it came; it was **made by** a person
or by a machine; **results** count people. Public routes act as the partner that the signed token names.
"""
