"""How dates are written: the month in letters, so that nobody mixes up day and month."""
