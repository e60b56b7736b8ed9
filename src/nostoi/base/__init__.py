"""Floor 0: what every other floor stands on (errors, calendar, numbers). Imports no other floor."""
