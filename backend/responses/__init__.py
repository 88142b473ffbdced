"""Responses: appreciating, asking, bringing difference to what somebody shared."""
