"""`quality-harness init`: brings the gates to a project without loading its code."""
