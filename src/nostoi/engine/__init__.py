"""Floor 3: engines that turn a world, rules and parameters into a record of what happened."""
