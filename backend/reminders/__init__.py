"""A cohort's reminders: on its days, in each person's own time."""
