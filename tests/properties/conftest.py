"""How often every property is tried."""

import os

from hypothesis import settings

settings.register_profile(
    "ours", max_examples=int(os.environ.get("EXAMPLES", "20")), deadline=None, database=None
)
settings.load_profile("ours")
