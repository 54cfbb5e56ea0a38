"""What stands in a text for a part that is known only at run time."""

# It reads as a name in SQL.
HOLE = "part_known_at_run_time"
