"""The cohort's activity: what its members may hear of, newest first, and then it ends."""
