"""The page of an e-mail out of its MJML: conditions, styles in place, dark grounds, the direction of reading."""
