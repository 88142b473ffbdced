"""Coarse limits per address of the network; those that protect secrets count in our tables."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Kept here because Flask-Limiter holds its routes' limits weakly.
limiter = Limiter(get_remote_address, headers_enabled=False)

# A ward or a campus shares one address: generous for people, dear for a guessing machine.
SIGN_IN = "60 per minute; 600 per hour"
INVITATION = "120 per minute"
REPORT = "30 per minute"
MAIL = "60 per minute"
