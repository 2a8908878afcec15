"""What brand and partner run together: kits, audiences, networks, launches, sending, posting, tracking.

Words: a **kit** is a campaign in a box, published by the brand; a **launch** is one partner's run of a kit version; a
**touch** is one step of it on one channel; a **delivery** is one touch to one contact; a **post** is
one touch on one account. Imports point one way: tracking -> posting -> sending -> launches -> audiences -> kits ->
networks. Only `mdf` and the roof may import this room.
"""
