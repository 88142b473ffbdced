"""Taking along all that is one's own: made by the worker, had for a day, then gone."""
