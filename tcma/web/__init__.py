"""The HTTP toolkit without a business word: problems, fields, guards, the two kinds of door (API, portal), base templates."""
