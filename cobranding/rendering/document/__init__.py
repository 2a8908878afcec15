"""What a template document says: its schema, its typed form, what it may say, and which values it takes."""
