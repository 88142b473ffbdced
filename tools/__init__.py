"""Sets up, starts and tests Alongside on a machine that has only Python, git and make."""
