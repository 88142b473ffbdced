"""What a phone asks when it is opened: what is new, and what it may no longer see."""
