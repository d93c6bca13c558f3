"""Everything the members service says and answers to: states, facts, commands, refusals."""
