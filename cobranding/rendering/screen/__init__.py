"""Screen images: the decoded base is kept, the rest is pasted and encoded."""
