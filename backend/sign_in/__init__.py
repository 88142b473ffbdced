"""Signing in: an address proved by a typed code, and the sessions that follow."""
