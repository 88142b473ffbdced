"""Questions that open a reflection: our library, a cohort's own, one's own."""
