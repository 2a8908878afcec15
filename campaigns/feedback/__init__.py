"""What comes back after a mail has left: delivery reports, complaints, and answers by machines.

Each comes to the return path of one delivery, which is signed (VERP): whose delivery it is about is never believed from
the words of a report. A *hard* bounce says that the address is dead, a *soft* one that this mail did not arrive.
Nobody below imports this package.
"""
