"""Pictures and logos: decoded, cut, scaled and encoded once per size, then only placed."""
