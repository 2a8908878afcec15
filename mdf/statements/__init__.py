"""Statements: the documents that tell a partner what was approved or paid. Pure: facts in, PDF bytes out.

The same facts give the same bytes. Only the fonts that come with the package are used, never those of the machine.
"""
