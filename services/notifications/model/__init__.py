"""The rules of telling: who, what, when, in which words; no broker, no database, no network."""
