"""PowerPoint decks: what is locked goes onto layouts, what the partner gives onto the slides."""
