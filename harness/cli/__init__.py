"""The command line: parse, call, render, exit. Nothing is judged here."""
