"""What a judgement or a run came to, for people and for machines: pure functions of a record."""
