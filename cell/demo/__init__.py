"""Three whole stories through the gateway of a fresh throw-away cell, step by step."""
