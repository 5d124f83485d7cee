"""What the measurements stand on: a server of their own, a broadcaster, a crowd, processor time."""
