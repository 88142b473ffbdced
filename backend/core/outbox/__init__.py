"""One outbox for all that leaves: codes, tests of devices, pushes and letters.

What leaves is a row first, written with the change that causes it. Rows are claimed for a time (a
lease), sent with no transaction open, and settled by whoever still holds the lease; one that ran
out is claimed by another. So a killed process loses nothing, and everything leaves at least once.
"""
