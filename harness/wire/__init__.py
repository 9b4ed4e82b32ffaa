"""Messages, the job life cycle, what an event or a webhook means. No I/O happens here."""
