"""What one user uses."""
