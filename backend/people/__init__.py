"""People: who they are to each other here. No titles, no ranks."""
