"""What each person heard of: one inbox, and who hears what."""
