"""Everything the mentoring service says and answers to: states, facts, commands, refusals."""
