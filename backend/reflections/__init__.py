"""Reflections: private until shared, and gone for the others when taken back."""
