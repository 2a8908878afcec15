"""The ledger: accounts and postings of the marketing money.

Words: an *account* holds money for one purpose (available, pending, committed ...); a *posting* moves an amount from
one account to another; a *transaction* is one business event made of postings; a *balance* is the sum of an account's
entries. Append-only, double entry, integer minor units. The invariants are held by PostgreSQL (migration 0006), not
only by this code.

Other rooms use `mdf.ledger.service` and nothing else of this package.
"""
