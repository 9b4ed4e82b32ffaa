"""Judging one request, one response, one exchange, or the life cycle of a job."""
