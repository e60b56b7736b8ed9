"""What the local page shows, as plain data that has passed the gate."""
