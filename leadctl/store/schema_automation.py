"""The third step of the schema: category automation, forms and captures, distribution."""

AUTOMATION = """
CREATE TABLE automation (
    id {pk},
    trigger_key TEXT NOT NULL UNIQUE CHECK (trigger_key = 'opportunity_created'
        OR trigger_key = 'opportunity_won' OR trigger_key = 'opportunity_lost'
        OR trigger_key = 'lead_status'),
    lead_status_id INTEGER REFERENCES lead_status (id),
    category_id INTEGER NOT NULL REFERENCES category (id),
    confirm INTEGER NOT NULL DEFAULT 0 CHECK (confirm = 0 OR confirm = 1),
    CHECK ((trigger_key = 'lead_status') = (lead_status_id IS NOT NULL))
) {strict};
CREATE INDEX automation_status ON automation (lead_status_id) WHERE lead_status_id IS NOT NULL;
CREATE INDEX automation_category ON automation (category_id);
CREATE TABLE proposal (
    id {pk},
    trigger_key TEXT NOT NULL,
    company_id INTEGER REFERENCES company (id),
    person_id INTEGER REFERENCES person (id),
    from_category_id INTEGER REFERENCES category (id),
    to_category_id INTEGER NOT NULL REFERENCES category (id),
    at TEXT NOT NULL
) {strict};
CREATE INDEX proposal_company ON proposal (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX proposal_person ON proposal (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX proposal_from ON proposal (from_category_id) WHERE from_category_id IS NOT NULL;
CREATE INDEX proposal_to ON proposal (to_category_id);
CREATE TABLE form (
    id {pk},
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL DEFAULT 'auto'
        CHECK (mode = 'auto' OR mode = 'known' OR mode = 'manual'),
    category_id INTEGER REFERENCES category (id),
    selection TEXT,
    owner_id INTEGER REFERENCES app_user (id)
) {strict};
CREATE INDEX form_category ON form (category_id) WHERE category_id IS NOT NULL;
CREATE INDEX form_owner ON form (owner_id) WHERE owner_id IS NOT NULL;
CREATE TABLE capture (
    id {pk},
    form_id INTEGER NOT NULL REFERENCES form (id),
    at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status = 'submitted' OR status = 'processed'
        OR status = 'failed' OR status = 'rejected'),
    email TEXT,
    email_key TEXT,
    person_id INTEGER REFERENCES person (id),
    company_id INTEGER REFERENCES company (id),
    message TEXT,
    payload TEXT NOT NULL,
    conversion TEXT
) {strict};
CREATE INDEX capture_form ON capture (form_id);
CREATE INDEX capture_status ON capture (status);
CREATE INDEX capture_person ON capture (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX capture_company ON capture (company_id) WHERE company_id IS NOT NULL;
ALTER TABLE person ADD COLUMN form_id INTEGER REFERENCES form (id);
ALTER TABLE person ADD COLUMN first_touch TEXT;
ALTER TABLE person ADD COLUMN first_touch_key TEXT;
ALTER TABLE person ADD COLUMN lead_creation TEXT;
ALTER TABLE person ADD COLUMN lead_creation_key TEXT;
CREATE INDEX person_form ON person (form_id) WHERE form_id IS NOT NULL;
ALTER TABLE company ADD COLUMN source TEXT;
ALTER TABLE company ADD COLUMN source_key TEXT;
CREATE TABLE distribution (
    id {pk},
    targets TEXT NOT NULL UNIQUE,
    last_user_id INTEGER REFERENCES app_user (id)
) {strict};
CREATE INDEX distribution_user ON distribution (last_user_id) WHERE last_user_id IS NOT NULL;
"""
