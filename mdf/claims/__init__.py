"""Claims: what a partner spent on an approved request, with the proof, until it is paid.

Words: the *cost* is the net amount of the invoice; the *share* of it that the program reimburses is *due*, as far as
the *reservation* of the request still holds money; the *accepted cost* is the part of the cost that an approval
reimburses; an *approval* remembers a hash of everything that decides about money; no two live claims share a
*fingerprint*. The ledger holds the money of an approved claim on its payable account.
Others use `mdf.claims.service`.
"""
