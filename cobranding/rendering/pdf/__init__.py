"""PDF pages: what is locked is drawn once, what differs between partners is stamped into it."""
