"""Requests: what a partner plans to do and which amount it asks for; an approved request is a reservation of money.

Words: *lines* are the planned costs; the *requested* amount is the share of them that the program reimburses; a
*reservation* is the approved amount, held until claims use it up. Others use `mdf.requests.service`.
"""
