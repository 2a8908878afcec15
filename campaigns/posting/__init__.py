"""Posts: what a touch says in the name of one account at a network, published once and accounted for.

Words: a **post** is one touch on one account; it is **claimed**, handed over in one attempt, and **settled**; what
nobody knows about is **unconfirmed** and **looked for** at the network, never posted again by itself. PostgreSQL is the
schedule. Used by `tracking`, `mdf` and the roof, through `service`.
"""
