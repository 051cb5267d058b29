PRAGMA application_id = 1279607108;
PRAGMA user_version = 1;
BEGIN;
CREATE TABLE setting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
) STRICT;
INSERT INTO setting (id, key, value) VALUES (1, 'currency', 'EUR');
INSERT INTO setting (id, key, value) VALUES (2, 'default_cycle', 'standard');
INSERT INTO setting (id, key, value) VALUES (3, 'lead_status.reentry', 'reset');
INSERT INTO setting (id, key, value) VALUES (4, 'lead_status.require_company', 'false');
INSERT INTO setting (id, key, value) VALUES (5, 'capture.utm', 'true');
CREATE TABLE app_user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    email TEXT,
    email_key TEXT,
    user_group TEXT,
    user_group_key TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active = 0 OR active = 1),
    away INTEGER NOT NULL DEFAULT 0 CHECK (away = 0 OR away = 1)
) STRICT;
INSERT INTO app_user (id, key, name, name_key, email, email_key, user_group, user_group_key, active, away) VALUES (1, 'anna_berg', 'Anna Berg', 'anna berg', 'anna@example.com', 'anna@example.com', NULL, NULL, 1, 0);
CREATE TABLE category (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO category (id, key, name, name_key, group_key, lead_status_enabled, description, rank, deleted, builtin) VALUES (1, 'lead', 'Prospect', 'prospect', 'potential_customer', 1, 'First interest, no sign of wanting to buy yet', 1, 0, 1);
INSERT INTO category (id, key, name, name_key, group_key, lead_status_enabled, description, rank, deleted, builtin) VALUES (2, 'mql', 'Marketing qualified lead (MQL)', 'marketing qualified lead (mql)', 'potential_customer', 1, 'Fits the target profile, or asked for more', 2, 0, 1);
INSERT INTO category (id, key, name, name_key, group_key, lead_status_enabled, description, rank, deleted, builtin) VALUES (3, 'opportunity', 'Opportunity', 'opportunity', 'potential_customer', 1, 'In an active sales process', 3, 0, 1);
INSERT INTO category (id, key, name, name_key, group_key, lead_status_enabled, description, rank, deleted, builtin) VALUES (4, 'lost_opportunity', 'Lost opportunity', 'lost opportunity', 'potential_customer', 0, 'One or more sales were lost', 4, 0, 1);
INSERT INTO category (id, key, name, name_key, group_key, lead_status_enabled, description, rank, deleted, builtin) VALUES (5, 'customer', 'Customer', 'customer', 'customer', 0, 'Buys from us', 5, 0, 1);
INSERT INTO category (id, key, name, name_key, group_key, lead_status_enabled, description, rank, deleted, builtin) VALUES (6, 'partner', 'Partner', 'partner', 'partner', 0, 'Works with us', 6, 0, 1);
CREATE TABLE lead_status (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    description TEXT,
    rank INTEGER NOT NULL,
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default = 0 OR is_default = 1),
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted = 0 OR deleted = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1),
    CHECK (is_default = 0 OR deleted = 0)
) STRICT;
INSERT INTO lead_status (id, key, name, name_key, description, rank, is_default, deleted, builtin) VALUES (1, 'open', 'Open', 'open', 'Nobody in sales has been in touch yet', 1, 1, 0, 1);
INSERT INTO lead_status (id, key, name, name_key, description, rank, is_default, deleted, builtin) VALUES (2, 'contacting', 'Contacting', 'contacting', 'Sales is trying to reach the person', 2, 0, 0, 1);
INSERT INTO lead_status (id, key, name, name_key, description, rank, is_default, deleted, builtin) VALUES (3, 'disqualified', 'Disqualified', 'disqualified', 'Does not meet the criteria; no more contact', 3, 0, 0, 1);
INSERT INTO lead_status (id, key, name, name_key, description, rank, is_default, deleted, builtin) VALUES (4, 're_nurture', 'Re-nurture', 're-nurture', 'Not now, perhaps later; back to marketing', 4, 0, 0, 1);
INSERT INTO lead_status (id, key, name, name_key, description, rank, is_default, deleted, builtin) VALUES (5, 'qualified', 'Qualified', 'qualified', 'Everything needed to start a sale is there', 5, 0, 0, 1);
CREATE TABLE company (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO company (id, external_id, external_id_key, name, name_key, category_id, owner_id, country, country_key, email, email_key, phone, phone_key, website, website_key, extra, extra_key, created_at, updated_at) VALUES (1, 'A-1', 'a-1', 'Ås Verft', 'ås verft', 1, NULL, 'NO', 'no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-03-01T16:25:31Z', '2026-03-01T16:25:31Z');
INSERT INTO company (id, external_id, external_id_key, name, name_key, category_id, owner_id, country, country_key, email, email_key, phone, phone_key, website, website_key, extra, extra_key, created_at, updated_at) VALUES (2, NULL, NULL, 'Hansa Logistik', 'hansa logistik', 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-03-01T16:25:32Z', '2026-03-01T16:25:32Z');
CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO person (id, external_id, external_id_key, first_name, first_name_key, last_name, last_name_key, title, title_key, email, email_key, phone, phone_key, country, country_key, company_id, own_category_id, own_owner_id, lead_status_id, status_since, retired, extra, extra_key, created_at, updated_at) VALUES (1, NULL, NULL, 'Kari', 'kari', 'Ås', 'ås', NULL, NULL, 'kari@as.example', 'kari@as.example', '+47 1', '+47 1', NULL, NULL, 1, NULL, NULL, 5, '2026-03-01T16:25:32Z', 0, NULL, NULL, '2026-03-01T16:25:32Z', '2026-03-01T16:25:32Z');
INSERT INTO person (id, external_id, external_id_key, first_name, first_name_key, last_name, last_name_key, title, title_key, email, email_key, phone, phone_key, country, country_key, company_id, own_category_id, own_owner_id, lead_status_id, status_since, retired, extra, extra_key, created_at, updated_at) VALUES (2, NULL, NULL, NULL, NULL, 'Lind', 'lind', 'Buyer', 'buyer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, NULL, 1, '2026-03-01T16:25:32Z', 0, NULL, NULL, '2026-03-01T16:25:32Z', '2026-03-01T16:25:33Z');
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (1, '2026-11-25T16:25:31Z', '2026-03-01T16:25:31Z', 'anna', 'user add', NULL, 1, 0, 1, 1, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (2, '2026-11-25T16:25:31Z', '2026-03-01T16:25:31Z', 'anna', 'category edit', NULL, 1, 0, 2, 2, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (3, '2026-11-25T16:25:31Z', '2026-03-01T16:25:31Z', 'anna', 'company add', NULL, 1, 0, 3, 3, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (4, '2026-11-25T16:25:32Z', '2026-03-01T16:25:32Z', 'anna', 'company add', NULL, 1, 0, 4, 4, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (5, '2026-11-25T16:25:32Z', '2026-03-01T16:25:32Z', 'anna', 'person add', NULL, 1, 0, 5, 5, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (6, '2026-11-25T16:25:32Z', '2026-03-01T16:25:32Z', 'anna', 'person add', NULL, 1, 0, 6, 6, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (7, '2026-11-25T16:25:32Z', '2026-03-01T16:25:32Z', 'anna', 'person set-status', NULL, 1, 0, 7, 7, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (8, '2026-11-25T16:25:33Z', '2026-03-01T16:25:33Z', 'anna', 'person edit', NULL, 1, 0, 8, 8, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (9, '2026-11-25T16:25:33Z', '2026-03-01T16:25:33Z', 'anna', 'person add', NULL, 1, 0, 9, 9, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (10, '2026-11-25T16:25:33Z', '2026-03-01T16:25:33Z', 'anna', 'person delete', NULL, 1, 0, 10, 10, NULL, NULL);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (11, '2026-11-25T16:25:34Z', '2026-03-01T16:25:34Z', 'anna', 'company set-category', NULL, 1, 0, 11, 11, NULL, 12);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by) VALUES (12, '2026-11-25T16:25:34Z', '2026-03-01T16:25:34Z', 'anna', 'change undo', NULL, 1, 0, 12, 12, 11, NULL);
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL REFERENCES change (id),
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    field TEXT,
    old TEXT,
    new TEXT,
    was_updated_at TEXT,
    was_since TEXT
) STRICT;
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (1, 1, 'user', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (2, 2, 'category', 1, 'name', 'Lead', 'Prospect', NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (3, 3, 'company', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (4, 4, 'company', 2, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (5, 5, 'person', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (6, 6, 'person', 2, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (7, 7, 'person', 1, 'lead_status', 'open', 'qualified', '2026-03-01T16:25:32Z', '2026-03-01T16:25:32Z');
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (8, 8, 'person', 2, 'title', NULL, 'Buyer', '2026-03-01T16:25:32Z', '2026-03-01T16:25:32Z');
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (9, 9, 'person', 3, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (10, 10, 'person', 3, NULL, '{"id":3,"external_id":null,"external_id_key":null,"first_name":null,"first_name_key":null,"last_name":"Gone","last_name_key":"gone","title":null,"title_key":null,"email":null,"email_key":null,"phone":null,"phone_key":null,"country":null,"country_key":null,"company_id":null,"own_category_id":null,"own_owner_id":null,"lead_status_id":null,"retired":0,"extra":null,"extra_key":null,"status_since":null,"created_at":"2026-03-01T16:25:33Z","updated_at":"2026-03-01T16:25:33Z"}', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (11, 11, 'company', 1, 'category', 'lead', 'customer', '2026-03-01T16:25:31Z', NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since) VALUES (12, 12, 'company', 1, 'category', 'customer', 'lead', '2026-03-01T16:25:34Z', NULL);
CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
INSERT INTO search (rowid, text) VALUES (2, 'Ås Verft    A-1');
INSERT INTO search (rowid, text) VALUES (3, 'Kari Ås kari@as.example +47 1  ');
INSERT INTO search (rowid, text) VALUES (4, 'Hansa Logistik    ');
INSERT INTO search (rowid, text) VALUES (5, ' Lind   Buyer ');
CREATE TABLE search_state (id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL) STRICT;
INSERT INTO search_state (id, indexed_to) VALUES (1, 10);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('app_user', 1);
INSERT INTO sqlite_sequence VALUES ('category', 6);
INSERT INTO sqlite_sequence VALUES ('change', 12);
INSERT INTO sqlite_sequence VALUES ('company', 2);
INSERT INTO sqlite_sequence VALUES ('history', 12);
INSERT INTO sqlite_sequence VALUES ('lead_status', 5);
INSERT INTO sqlite_sequence VALUES ('person', 3);
INSERT INTO sqlite_sequence VALUES ('setting', 5);
CREATE INDEX change_author ON change (author, id);
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX change_undone_by ON change (undone_by) WHERE undone_by IS NOT NULL;
CREATE INDEX company_category ON company (category_id);
CREATE INDEX company_name ON company (name_key);
CREATE INDEX company_owner ON company (owner_id);
CREATE INDEX history_record ON history (entity, entity_id);
CREATE INDEX person_company ON person (company_id);
CREATE INDEX person_email ON person (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX person_lead_status ON person (lead_status_id);
CREATE INDEX person_name ON person (name_key);
CREATE INDEX person_own_category ON person (own_category_id) WHERE own_category_id IS NOT NULL;
CREATE INDEX person_own_owner ON person (own_owner_id) WHERE own_owner_id IS NOT NULL;
CREATE TRIGGER change_is_append_only BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;
CREATE TRIGGER history_is_append_only_1 BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_append_only_2 BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE VIEW v_companies AS SELECT t.id AS "id", t.external_id AS "external_id", t.name AS "name", k.key AS "category", k.group_key AS "category_group", coalesce(k.lead_status_enabled, 0) AS "lead_status_enabled", (coalesce(k.group_key, '') = 'customer') AS "is_customer", o.key AS "owner", t.country AS "country", t.email AS "email", t.phone AS "phone", t.website AS "website", (SELECT count(*) FROM person p WHERE p.company_id = t.id) AS "people", t.extra AS "extra", t.created_at AS "created_at", t.updated_at AS "updated_at" FROM company t LEFT JOIN category k ON k.id = t.category_id LEFT JOIN app_user o ON o.id = t.owner_id;
CREATE VIEW v_people AS SELECT t.id AS "id", t.external_id AS "external_id", t.first_name AS "first_name", t.last_name AS "last_name", trim(coalesce(t.first_name, '') || ' ' || coalesce(t.last_name, '')) AS "name", t.title AS "title", t.email AS "email", t.phone AS "phone", t.country AS "country", t.company_id AS "company_id", c.name AS "company", (t.company_id IS NOT NULL) AS "has_company", k.key AS "category", k.group_key AS "category_group", s.key AS "lead_status", (CASE
    WHEN t.company_id IS NULL AND (SELECT value FROM setting
        WHERE key = 'lead_status.require_company') = 'true' THEN 'no_company'
    WHEN k.id IS NULL THEN 'no_category'
    WHEN coalesce(k.group_key, '') <> 'potential_customer' THEN 'wrong_group'
    WHEN k.lead_status_enabled = 0 THEN 'flag_off'
END IS NULL) AS "lead_status_active", (CASE
    WHEN t.company_id IS NULL AND (SELECT value FROM setting
        WHERE key = 'lead_status.require_company') = 'true' THEN 'no_company'
    WHEN k.id IS NULL THEN 'no_category'
    WHEN coalesce(k.group_key, '') <> 'potential_customer' THEN 'wrong_group'
    WHEN k.lead_status_enabled = 0 THEN 'flag_off'
END) AS "lead_status_reason", t.status_since AS "status_since", CAST(julianday(date('now')) - julianday(substr(t.status_since, 1, 10)) AS INTEGER) AS "status_age", o.key AS "owner", t.retired AS "retired", NULL AS "form", t.extra AS "extra", t.created_at AS "created_at", t.updated_at AS "updated_at" FROM person t LEFT JOIN company c ON c.id = t.company_id LEFT JOIN category k ON k.id = coalesce(c.category_id, t.own_category_id) LEFT JOIN app_user o ON o.id = coalesce(c.owner_id, t.own_owner_id) LEFT JOIN lead_status s ON s.id = t.lead_status_id;
COMMIT;
