"""Compile a template document once, stamp it per partner. Pure: no database, no network, no clock, no machine's files.

Words: a *document* holds *formats*, a format holds *elements*; a *variable* is what a partner may give; a *mark* is
what an element becomes when it is laid out; a *slot* is an element that differs between partners.
Imported by `cobranding.templates` and `cobranding.artworks`.
"""
