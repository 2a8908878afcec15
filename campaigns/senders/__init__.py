"""In whose name mail leaves: sending domains, their keys, senders (a name and an address), and how much may go.

Words: a **domain** is verified by its owner's own records in the DNS; its **key** signs; the **doctor** looks at the
records and says what to paste; a **sender** is whom recipients see; the **safe From** is used while nothing better is
verified; the **warm-up** lets a new domain send more each day. Used by `launches` and `sending`, through `service`.
"""
