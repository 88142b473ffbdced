"""Measurements of the real thing: ratios, each side by side with what it is compared with."""
