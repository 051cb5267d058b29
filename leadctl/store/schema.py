"""The schema as numbered steps. A step is never edited after its release; a new one is added.

CHECKs are written with OR: an IN list of four texts made inserts three times slower.
"""

FOUNDATION = """
CREATE TABLE setting (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
) {strict};
CREATE TABLE app_user (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    email TEXT,
    email_key TEXT,
    user_group TEXT,
    user_group_key TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active = 0 OR active = 1),
    away INTEGER NOT NULL DEFAULT 0 CHECK (away = 0 OR away = 1)
) {strict};
CREATE TABLE category (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    group_key TEXT CHECK (group_key IS NULL OR group_key = 'customer'
        OR group_key = 'potential_customer' OR group_key = 'partner' OR group_key = 'lost'
        OR group_key = 'other'),
    lead_status_enabled INTEGER NOT NULL DEFAULT 0
        CHECK (lead_status_enabled = 0 OR lead_status_enabled = 1),
    description TEXT,
    rank INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted = 0 OR deleted = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1),
    CHECK (lead_status_enabled = 0 OR coalesce(group_key, '') = 'potential_customer')
) {strict};
CREATE TABLE lead_status (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    description TEXT,
    rank INTEGER NOT NULL,
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default = 0 OR is_default = 1),
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted = 0 OR deleted = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1),
    CHECK (is_default = 0 OR deleted = 0)
) {strict};
CREATE TABLE company (
    id {pk},
    external_id TEXT UNIQUE,
    external_id_key TEXT,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL,
    category_id INTEGER REFERENCES category (id),
    owner_id INTEGER REFERENCES app_user (id),
    country TEXT,
    country_key TEXT,
    email TEXT,
    email_key TEXT,
    phone TEXT,
    phone_key TEXT,
    website TEXT,
    website_key TEXT,
    extra TEXT,
    extra_key TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) {strict};
CREATE INDEX company_name ON company (name_key);
CREATE INDEX company_category ON company (category_id);
CREATE INDEX company_owner ON company (owner_id);
CREATE TABLE person (
    id {pk},
    external_id TEXT UNIQUE,
    external_id_key TEXT,
    first_name TEXT,
    first_name_key TEXT,
    last_name TEXT,
    last_name_key TEXT,
    name_key TEXT GENERATED ALWAYS AS
        (trim(coalesce(first_name_key, '') || ' ' || coalesce(last_name_key, ''))) VIRTUAL,
    title TEXT,
    title_key TEXT,
    email TEXT,
    email_key TEXT,
    phone TEXT,
    phone_key TEXT,
    country TEXT,
    country_key TEXT,
    company_id INTEGER REFERENCES company (id),
    own_category_id INTEGER REFERENCES category (id),
    own_owner_id INTEGER REFERENCES app_user (id),
    lead_status_id INTEGER REFERENCES lead_status (id),
    status_since TEXT,
    retired INTEGER NOT NULL DEFAULT 0 CHECK (retired = 0 OR retired = 1),
    extra TEXT,
    extra_key TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (first_name IS NOT NULL OR last_name IS NOT NULL),
    CHECK (company_id IS NULL OR (own_category_id IS NULL AND own_owner_id IS NULL))
) {strict};
CREATE INDEX person_name ON person (name_key);
CREATE INDEX person_company ON person (company_id);
CREATE INDEX person_lead_status ON person (lead_status_id);
CREATE INDEX person_email ON person (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX person_own_category ON person (own_category_id) WHERE own_category_id IS NOT NULL;
CREATE INDEX person_own_owner ON person (own_owner_id) WHERE own_owner_id IS NOT NULL;
CREATE TABLE change (
    id {pk},
    at TEXT NOT NULL,
    stamp TEXT NOT NULL,
    author TEXT NOT NULL,
    command TEXT NOT NULL,
    reason TEXT,
    records INTEGER NOT NULL DEFAULT 0,
    layered INTEGER NOT NULL DEFAULT 0,
    first_history_id INTEGER NOT NULL DEFAULT 0,
    last_history_id INTEGER NOT NULL DEFAULT 0,
    undoes INTEGER REFERENCES change (id),
    undone_by INTEGER REFERENCES change (id)
) {strict};
CREATE INDEX change_author ON change (author, id);
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX change_undone_by ON change (undone_by) WHERE undone_by IS NOT NULL;
CREATE TABLE history (
    id {pk},
    change_id INTEGER NOT NULL REFERENCES change (id),
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    field TEXT,
    old TEXT,
    new TEXT,
    was_updated_at TEXT,
    was_since TEXT
) {strict};
CREATE INDEX history_record ON history (entity, entity_id);
{search}
CREATE TABLE search_state (id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL) {strict};
INSERT INTO search_state (id, indexed_to) VALUES (1, 0);
{append_only}
"""

OPPORTUNITIES = """
ALTER TABLE change ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
CREATE TABLE sales_cycle (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    method TEXT NOT NULL DEFAULT 'multiply' CHECK (method = 'multiply' OR method = 'add'
        OR method = 'chances' OR method = 'completed'),
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked = 0 OR blocked = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1)
) {strict};
CREATE TABLE stage (
    id {pk},
    cycle_id INTEGER NOT NULL REFERENCES sales_cycle (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    completed INTEGER NOT NULL CHECK (completed BETWEEN 0 AND 10000),
    chances INTEGER NOT NULL CHECK (chances BETWEEN 0 AND 10000),
    quote_required INTEGER NOT NULL DEFAULT 0 CHECK (quote_required = 0 OR quote_required = 1),
    allow_skip INTEGER NOT NULL DEFAULT 0 CHECK (allow_skip = 0 OR allow_skip = 1),
    date_formula TEXT,
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1),
    UNIQUE (cycle_id, number)
) {strict};
CREATE TABLE close_code (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    outcome TEXT NOT NULL CHECK (outcome = 'won' OR outcome = 'lost'),
    description TEXT,
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1)
) {strict};
CREATE TABLE opportunity (
    id {pk},
    external_id TEXT UNIQUE,
    external_id_key TEXT,
    description TEXT NOT NULL CHECK (description <> ''),
    description_key TEXT NOT NULL,
    company_id INTEGER REFERENCES company (id),
    person_id INTEGER REFERENCES person (id),
    salesperson_id INTEGER REFERENCES app_user (id),
    campaign TEXT,
    campaign_key TEXT,
    priority TEXT NOT NULL DEFAULT 'normal'
        CHECK (priority = 'low' OR priority = 'normal' OR priority = 'high'),
    cycle_id INTEGER NOT NULL REFERENCES sales_cycle (id),
    status TEXT NOT NULL DEFAULT 'not_started' CHECK (status = 'not_started'
        OR status = 'in_progress' OR status = 'won' OR status = 'lost'),
    created_on TEXT NOT NULL,
    closed_on TEXT,
    extra TEXT,
    extra_key TEXT,
    CHECK ((closed_on IS NOT NULL) = (status = 'won' OR status = 'lost'))
) {strict};
CREATE INDEX opportunity_description ON opportunity (description_key);
CREATE INDEX opportunity_company ON opportunity (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX opportunity_person ON opportunity (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX opportunity_salesperson ON opportunity (salesperson_id)
    WHERE salesperson_id IS NOT NULL;
CREATE INDEX opportunity_cycle ON opportunity (cycle_id);
CREATE INDEX opportunity_status ON opportunity (status);
CREATE INDEX opportunity_closed ON opportunity (closed_on) WHERE closed_on IS NOT NULL;
CREATE TABLE entry (
    id {pk},
    opportunity_id INTEGER NOT NULL REFERENCES opportunity (id),
    cycle_id INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action = 'first' OR action = 'next' OR action = 'previous'
        OR action = 'updated' OR action = 'jumped' OR action = 'won' OR action = 'lost'
        OR action = 'reopened'),
    stage INTEGER,
    stage_name TEXT,
    stage_name_key TEXT,
    previous_stage INTEGER,
    date TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active = 0 OR active = 1),
    days_open INTEGER NOT NULL DEFAULT 0 CHECK (days_open >= 0 AND (active = 0 OR days_open = 0)),
    estimated_value_minor INTEGER NOT NULL CHECK (estimated_value_minor >= 0),
    chances INTEGER NOT NULL CHECK (chances BETWEEN 0 AND 10000),
    completed INTEGER NOT NULL CHECK (completed BETWEEN 0 AND 10000),
    probability INTEGER NOT NULL CHECK (probability BETWEEN 0 AND 10000),
    calculated_value_minor INTEGER NOT NULL,
    close_date TEXT NOT NULL,
    closed_on TEXT,
    close_code_id INTEGER REFERENCES close_code (id),
    CHECK ((stage IS NULL) = (action = 'won' OR action = 'lost')),
    CHECK ((closed_on IS NOT NULL) = (action = 'won' OR action = 'lost'))
) {strict};
CREATE INDEX entry_opportunity ON entry (opportunity_id);
CREATE UNIQUE INDEX entry_active ON entry (opportunity_id) WHERE active = 1;
CREATE INDEX entry_stage ON entry
    (cycle_id, stage, estimated_value_minor, calculated_value_minor, close_date, active)
    WHERE active = 1 AND stage IS NOT NULL;
CREATE INDEX entry_close_code ON entry (close_code_id) WHERE close_code_id IS NOT NULL;
CREATE TABLE quote (
    id {pk},
    opportunity_id INTEGER REFERENCES opportunity (id),
    company_id INTEGER REFERENCES company (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status = 'open' OR status = 'ordered'),
    lines TEXT NOT NULL DEFAULT '[]',
    total_minor INTEGER NOT NULL DEFAULT 0,
    created_on TEXT NOT NULL
) {strict};
CREATE UNIQUE INDEX quote_opportunity ON quote (opportunity_id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX quote_company ON quote (company_id) WHERE company_id IS NOT NULL;
CREATE TABLE sales_order (
    id {pk},
    quote_id INTEGER NOT NULL UNIQUE REFERENCES quote (id),
    opportunity_id INTEGER REFERENCES opportunity (id),
    company_id INTEGER REFERENCES company (id),
    lines TEXT NOT NULL DEFAULT '[]',
    total_minor INTEGER NOT NULL DEFAULT 0,
    created_on TEXT NOT NULL
) {strict};
CREATE UNIQUE INDEX order_opportunity ON sales_order (opportunity_id)
    WHERE opportunity_id IS NOT NULL;
CREATE INDEX order_company ON sales_order (company_id) WHERE company_id IS NOT NULL;
DELETE FROM search;
UPDATE search_state SET indexed_to = 0;
"""
