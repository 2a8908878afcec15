"""The command line: `tcma up | demo | db | check | keys | user | token`, one file per command.

`up` only starts and watches processes and imports nothing of the service, so that the watcher stays small;
the other commands do their work through the same services as the web.
"""

from tcma.cli.commands import main

__all__ = ["main"]
