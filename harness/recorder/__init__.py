"""Recording a job that the client runs, and playing it back through the same client."""
