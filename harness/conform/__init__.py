"""Conformance that goes looking: requests are generated, sent, and judged by what they were made to be."""
