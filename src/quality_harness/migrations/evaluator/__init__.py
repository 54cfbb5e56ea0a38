"""A small partial evaluator: what an expression is, as far as its syntax tells."""
