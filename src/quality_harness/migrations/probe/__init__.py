"""The probe: old models on the new schema, on a PostgreSQL database of its own."""
