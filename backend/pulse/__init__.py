"""How a contract is felt: check-ins on one commitment, and what they come to."""
