"""Cohorts: who learns together, and how somebody is invited in."""
