"""Payments: approved claims in a batch, released by a second person, exported to the bank, and settled one by one.

Words: a *batch* is one payment run in one currency; an *item* (a row of `mdf_payments`) pays one claim; a claim is in
one live item at most. Others use `mdf.payments.service`.
"""
