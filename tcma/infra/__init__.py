"""One door to each outside thing: database, broker, cache, storage, mail, cryptography, embedded engines."""
