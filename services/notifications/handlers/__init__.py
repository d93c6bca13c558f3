"""Use cases: fetch, ask the model, record."""
