"""Who did what, when: one append-only entry for each change, with what was before and after. Every room may record."""
