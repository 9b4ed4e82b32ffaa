"""Specs: YAML text -> located nodes -> frozen `Spec`; revisions, facts, lint, meta-schema, OpenAPI."""
