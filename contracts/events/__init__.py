"""Everything the events service says and answers to: states, facts, commands, refusals."""
