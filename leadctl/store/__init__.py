"""Everything that speaks SQL: the engine, the write gate, the schema and the queries."""
