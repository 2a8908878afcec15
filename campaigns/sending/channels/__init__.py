"""One adapter per network: how a touch becomes something that leaves the house."""
