"""A cohort's living contract: commitments made by its members, and remade by consent."""
