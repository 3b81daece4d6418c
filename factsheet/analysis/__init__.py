"""What follows from the data: observations, derived figures, checks, disputes, targets."""
