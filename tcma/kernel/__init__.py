"""Words that every room shares: errors, actors, permissions, money, states, clock, ids. Imports nothing of ours."""
