"""How each person wants to be reached: when, by what, how often, what a lock screen shows."""
