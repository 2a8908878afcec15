"""Type: typefaces made ready, words shaped, lines broken and fitted into their boxes."""
