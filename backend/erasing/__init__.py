"""Being erased: asking for it, changing one's mind, and what is then done."""
