"""The fourth step of the schema: selections."""

SELECTIONS = """
CREATE TABLE selection (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    entity TEXT NOT NULL
        CHECK (entity = 'person' OR entity = 'company' OR entity = 'opportunity'),
    kind TEXT NOT NULL CHECK (kind = 'static' OR kind = 'dynamic' OR kind = 'combined'),
    expressions TEXT,
    source_a_id INTEGER REFERENCES selection (id),
    source_b_id INTEGER REFERENCES selection (id),
    operator TEXT CHECK (operator IS NULL OR operator = 'union' OR operator = 'intersection'
        OR operator = 'difference' OR operator = 'only-first' OR operator = 'only-second'),
    owner_id INTEGER REFERENCES app_user (id),
    description TEXT,
    created_at TEXT NOT NULL,
    CHECK ((kind = 'dynamic') = (expressions IS NOT NULL)),
    CHECK ((kind = 'combined') = (operator IS NOT NULL)),
    CHECK ((kind = 'combined') = (source_a_id IS NOT NULL)),
    CHECK ((kind = 'combined') = (source_b_id IS NOT NULL))
) {strict};
CREATE INDEX combined_first ON selection (source_a_id) WHERE source_a_id IS NOT NULL;
CREATE INDEX combined_second ON selection (source_b_id) WHERE source_b_id IS NOT NULL;
CREATE INDEX owner_of_selection ON selection (owner_id) WHERE owner_id IS NOT NULL;
CREATE TABLE member (
    id {pk},
    selection_id INTEGER NOT NULL REFERENCES selection (id),
    record_id INTEGER NOT NULL,
    UNIQUE (selection_id, record_id)
) {strict};
CREATE INDEX member_record ON member (record_id);
CREATE INDEX person_board ON person (lead_status_id, name_key) WHERE retired = 0;
CREATE INDEX history_of_entries ON history (old ->> 'opportunity_id')
    WHERE entity = 'entry' AND field IS NULL AND old IS NOT NULL;
"""
