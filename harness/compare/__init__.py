"""Two specs or more: the matrix of what sellers of one model document, and what changed from one to the other."""
