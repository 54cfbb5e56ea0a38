"""SQL as text: its statements, and what each of them does."""
