"""A partner's accounts at social networks: connected by its own people, kept fresh, and spoken to on its behalf.

Words: a **network** is a service such as Mastodon; a **server** is the address of one where there are many; an
**account** is what a partner connected; a **handshake** is the way there, from the first click to the network's answer;
a **grant** is what the network then allows; a **driver** speaks one network's language. Imports nothing of the other
campaign nouns; used by them through `service` and `rules`.
"""
