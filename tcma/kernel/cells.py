"""The cells of a CSV file that somebody will open in a spreadsheet."""

# What makes a spreadsheet take a cell for a formula, with the full-width signs that some normalize to these.
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SPLITS = ("\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """Return a cell's text so that a spreadsheet shows it instead of running it.

    A quote goes before whatever begins, after any blanks, like a formula, or with a sign that begins a new cell or row.
    Source: OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection
    """
    risky = text.startswith(_SPLITS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if risky else text
