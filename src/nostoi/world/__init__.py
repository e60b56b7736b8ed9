"""Floor 1: the world that a case describes, as read-only arrays over places and steps."""
