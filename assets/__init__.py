"""Files that a brand or a partner owns: what comes in is checked and rewritten, what is kept can be found and shown.

Words: an *upload* is what somebody sent; an *asset* is what was kept of it; an asset has a *kind* (logo, photo,
document, proof), a *variant* (for light or for dark backgrounds) and a *rights window*. Everything above (cobranding,
campaigns, mdf) may import the services of this room; this room knows nothing of them.
"""
