"""Against history: battles, sieges, what was learnt from them, and how often comparable cases ended how."""
