"""The pytest plugin: a user's specs and recorded traffic as tests, fixtures, and markers that guard money.

`plugin.py` holds the hooks and is all that a pytest start loads; everything else is imported when it is used.
"""

__all__: list[str] = []
