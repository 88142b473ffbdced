"""The sample cohort "Rowan", and the way into it on the machine that made it."""
