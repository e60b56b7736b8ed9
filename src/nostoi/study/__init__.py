"""Floor 5: questions asked of a fit: explain a rate, check known facts."""
