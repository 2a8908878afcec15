"""Funds: a budget of a program for a period in one currency, and what of it is allocated to which partner.

Words: the *budget* is what was put in, an *allocation* is a partner's share, a *wallet* is what a partner has left
of it, by where the money stands. No amount is stored here: each is a balance of the ledger. Others use
`mdf.funds.service`.
"""
