"""The HTTP toolkit without a business word: problems, fields, guards, API and portal doors, base templates."""
