"""Tests of the readers, on small pages in the forms of the providers."""
