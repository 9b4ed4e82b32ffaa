"""Generated requests: what they are, and that the check says of each what it must."""
