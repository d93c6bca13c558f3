"""Everything the notifications service says and answers to: states, facts, commands, refusals."""
