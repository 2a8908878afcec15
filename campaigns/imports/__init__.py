"""Lists of contacts that come in as files, of a million rows and more, and are taken over in pieces.

Words: a **list** is a file that somebody gave; its **columns** say what each of its columns means; a **piece** is some
thousand rows, taken over whole or not at all; a **problem** is a row that was left out, with the reason. May be used by
nobody else: what comes of a list is contacts, consents and the report of an import, in `audiences`.
"""
