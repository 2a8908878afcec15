"""Let `python -m tcma.cli` do what `tcma` does, for processes that must use this very Python."""

from tcma.cli.commands import main

main()
