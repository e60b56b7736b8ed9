"""Floor 7: the shell and the local page. Nothing below imports from here."""
