"""Statements: the documents that tell a partner what was approved or paid. Pure: facts in, PDF bytes out.

Words: a *party* is who sends or receives a statement; a *line* is one step of the arithmetic that leads to the total.
The same facts give the same bytes. Only fonts that come with our packages are used, never those of the machine.
"""
