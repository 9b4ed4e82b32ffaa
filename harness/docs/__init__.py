"""A provider's page -> claims; claims against a spec; documents against documents; import."""
