"""Ways under a budget: what could be changed, what each saves and gives up, and the best of them together."""
