"""Deliveries: one row per touch and recipient, claimed, handed over, and accounted for whatever happens.

Words: **fan-out** makes the rows; a **claim** takes some of them under a **lease**; they are handed over in small
**parts**, each marked before it leaves; to **settle** is to write down what the mail server answered; a **turn** is one
partner's share of the workers' time; a **sweep** finds what is still owed. PostgreSQL is the schedule: broker and
workers may be lost at any moment. Used by `tracking`, `mdf` and the roof, through `service`.
"""
