"""How each person wants to be reached: windows, channels, how often, what a lock screen may show."""
