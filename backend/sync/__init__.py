"""What a phone asks when it is opened: what it holds copies of and may no longer see."""
