"""What is to leave the building, and what became of it."""
