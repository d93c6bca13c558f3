"""The written side of the contracts: a page for people, AsyncAPI for tools, the released list."""
