"""The money: programs, funds, requests, claims and payments on a double-entry ledger.

Rooms, from the top: payments, claims, requests, funds, programs, ledger; statements draws documents and knows none.
"""
