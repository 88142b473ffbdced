"""Feedback between two people: asking, offering, answering, declining, thanking."""
