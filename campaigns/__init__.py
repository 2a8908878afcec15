"""What brand and partner run together: kits, audiences, launches, sending, tracking.

Words: a **kit** is a campaign in a box, published by the brand; a **launch** is one partner's run of a kit version; a
**touch** is one step of it on one channel; a **delivery** is one touch to one contact. Imports point one way:
tracking -> sending -> launches -> audiences -> kits. Only `mdf` and the roof may import this room.
"""
