"""One capped paid job at each seller, every check on it, and the sellers held against each other."""
