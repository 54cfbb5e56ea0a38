"""What the functions that a migration runs do, as far as their source tells."""
