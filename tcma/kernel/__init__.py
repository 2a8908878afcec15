"""Words that every room shares: errors, actors, permissions, money, states, clock, ids. Pure Python, imports nothing of ours."""
