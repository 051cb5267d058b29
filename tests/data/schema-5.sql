PRAGMA application_id = 1279607108;
PRAGMA user_version = 5;
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
, source TEXT, source_key TEXT) STRICT;
INSERT INTO company (id, external_id, external_id_key, name, name_key, category_id, owner_id, country, country_key, email, email_key, phone, phone_key, website, website_key, extra, extra_key, created_at, updated_at, source, source_key) VALUES (1, 'A-1', 'a-1', 'Ås Verft', 'ås verft', 1, NULL, 'NO', 'no', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-03-01T17:01:52Z', '2026-03-01T17:01:52Z', NULL, NULL);
INSERT INTO company (id, external_id, external_id_key, name, name_key, category_id, owner_id, country, country_key, email, email_key, phone, phone_key, website, website_key, extra, extra_key, created_at, updated_at, source, source_key) VALUES (2, NULL, NULL, 'Hansa Logistik', 'hansa logistik', 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-03-01T17:01:52Z', '2026-03-01T17:01:52Z', NULL, NULL);
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
    updated_at TEXT NOT NULL, form_id INTEGER REFERENCES form (id), first_touch TEXT, first_touch_key TEXT, lead_creation TEXT, lead_creation_key TEXT, has_lead_creation INTEGER
    GENERATED ALWAYS AS (lead_creation IS NOT NULL) VIRTUAL, lead_creation_source TEXT
    GENERATED ALWAYS AS (CAST(lead_creation ->> '$."source"' AS TEXT)) VIRTUAL, lead_creation_source_key TEXT
    GENERATED ALWAYS AS (CAST(lead_creation_key ->> '$."source"' AS TEXT)) VIRTUAL, lead_creation_campaign TEXT
    GENERATED ALWAYS AS (CAST(lead_creation ->> '$."campaign"' AS TEXT)) VIRTUAL, lead_creation_campaign_key TEXT
    GENERATED ALWAYS AS (CAST(lead_creation_key ->> '$."campaign"' AS TEXT)) VIRTUAL, first_touch_source TEXT
    GENERATED ALWAYS AS (CAST(first_touch ->> '$."source"' AS TEXT)) VIRTUAL, first_touch_source_key TEXT
    GENERATED ALWAYS AS (CAST(first_touch_key ->> '$."source"' AS TEXT)) VIRTUAL,
    CHECK (first_name IS NOT NULL OR last_name IS NOT NULL),
    CHECK (company_id IS NULL OR (own_category_id IS NULL AND own_owner_id IS NULL))
) STRICT;
INSERT INTO person (id, external_id, external_id_key, first_name, first_name_key, last_name, last_name_key, title, title_key, email, email_key, phone, phone_key, country, country_key, company_id, own_category_id, own_owner_id, lead_status_id, status_since, retired, extra, extra_key, created_at, updated_at, form_id, first_touch, first_touch_key, lead_creation, lead_creation_key) VALUES (1, NULL, NULL, 'Kari', 'kari', 'Ås', 'ås', NULL, NULL, 'kari@as.example', 'kari@as.example', '+47 1', '+47 1', NULL, NULL, 1, NULL, NULL, 5, '2026-03-01T17:01:58Z', 0, NULL, NULL, '2026-03-01T17:01:52Z', '2026-03-01T17:01:58Z', NULL, NULL, NULL, NULL, NULL);
INSERT INTO person (id, external_id, external_id_key, first_name, first_name_key, last_name, last_name_key, title, title_key, email, email_key, phone, phone_key, country, country_key, company_id, own_category_id, own_owner_id, lead_status_id, status_since, retired, extra, extra_key, created_at, updated_at, form_id, first_touch, first_touch_key, lead_creation, lead_creation_key) VALUES (2, NULL, NULL, NULL, NULL, 'Lind', 'lind', 'Buyer', 'buyer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, NULL, 1, '2026-03-01T17:01:53Z', 0, NULL, NULL, '2026-03-01T17:01:53Z', '2026-03-01T17:01:53Z', NULL, NULL, NULL, NULL, NULL);
INSERT INTO person (id, external_id, external_id_key, first_name, first_name_key, last_name, last_name_key, title, title_key, email, email_key, phone, phone_key, country, country_key, company_id, own_category_id, own_owner_id, lead_status_id, status_since, retired, extra, extra_key, created_at, updated_at, form_id, first_touch, first_touch_key, lead_creation, lead_creation_key) VALUES (4, NULL, NULL, NULL, NULL, 'Øst', 'øst', NULL, NULL, 'new@as.example', 'new@as.example', NULL, NULL, NULL, NULL, NULL, 1, 1, 1, '2026-03-01T17:01:58Z', 0, NULL, NULL, '2026-03-01T17:01:58Z', '2026-03-01T17:01:58Z', 1, NULL, NULL, '{"source": "fair", "medium": null, "campaign": null, "term": null, "content": null, "referrer": null, "when": "2026-03-01T17:01:58Z"}', '{"source": "fair", "medium": null, "campaign": null, "term": null, "content": null, "referrer": null, "when": "2026-03-01t17:01:58z"}');
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
, purged INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (1, '2026-11-25T17:01:52Z', '2026-03-01T17:01:52Z', 'anna', 'user add', NULL, 1, 0, 1, 1, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (2, '2026-11-25T17:01:52Z', '2026-03-01T17:01:52Z', 'anna', 'category edit', NULL, 1, 0, 2, 2, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (3, '2026-11-25T17:01:52Z', '2026-03-01T17:01:52Z', 'anna', 'company add', NULL, 1, 0, 3, 3, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (4, '2026-11-25T17:01:52Z', '2026-03-01T17:01:52Z', 'anna', 'company add', NULL, 1, 0, 4, 4, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (5, '2026-11-25T17:01:52Z', '2026-03-01T17:01:52Z', 'anna', 'person add', NULL, 1, 0, 5, 5, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (6, '2026-11-25T17:01:53Z', '2026-03-01T17:01:53Z', 'anna', 'person add', NULL, 1, 0, 6, 6, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (7, '2026-11-25T17:01:53Z', '2026-03-01T17:01:53Z', 'anna', 'person set-status', NULL, 1, 0, 7, 7, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (8, '2026-11-25T17:01:53Z', '2026-03-01T17:01:53Z', 'anna', 'person edit', NULL, 1, 0, 8, 8, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (9, '2026-11-25T17:01:53Z', '2026-03-01T17:01:53Z', 'anna', 'person add', NULL, 1, 0, 9, 9, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (10, '2026-11-25T17:01:53Z', '2026-03-01T17:01:53Z', 'anna', 'person delete', NULL, 1, 0, 10, 10, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (11, '2026-11-25T17:01:54Z', '2026-03-01T17:01:54Z', 'anna', 'company set-category', NULL, 1, 0, 11, 11, NULL, 12, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (12, '2026-11-25T17:01:54Z', '2026-03-01T17:01:54Z', 'anna', 'change undo', NULL, 1, 0, 12, 12, 11, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (13, '2026-11-25T17:01:54Z', '2026-03-01T17:01:54Z', 'anna', 'opportunity add', NULL, 1, 0, 13, 14, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (14, '2026-11-25T17:01:54Z', '2026-03-01T17:01:54Z', 'anna', 'opportunity next', NULL, 1, 0, 15, 17, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (15, '2026-11-25T17:01:55Z', '2026-03-01T17:01:55Z', 'anna', 'cycle edit', NULL, 1, 0, 18, 18, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (16, '2026-11-25T17:01:55Z', '2026-03-01T17:01:55Z', 'anna', 'opportunity next', NULL, 1, 0, 19, 21, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (17, '2026-11-25T17:01:55Z', '2026-03-01T17:01:55Z', 'anna', 'quote create', NULL, 1, 0, 22, 22, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (18, '2026-11-25T17:01:55Z', '2026-03-01T17:01:55Z', 'anna', 'opportunity next', NULL, 1, 0, 23, 25, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (19, '2026-11-25T17:01:55Z', '2026-03-01T17:01:55Z', 'anna', 'opportunity add', NULL, 1, 0, 26, 26, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (20, '2026-11-25T17:01:56Z', '2026-03-01T17:01:56Z', 'anna', 'opportunity add', NULL, 1, 0, 27, 28, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (21, '2026-11-25T17:01:56Z', '2026-03-01T17:01:56Z', 'anna', 'opportunity close', NULL, 1, 0, 29, 33, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (22, '2026-11-25T17:01:56Z', '2026-03-01T17:01:56Z', 'anna', 'quote make-order', NULL, 3, 0, 34, 40, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (23, '2026-11-25T17:01:57Z', '2026-03-01T17:01:57Z', 'anna', 'opportunity add', NULL, 1, 0, 41, 42, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (24, '2026-11-25T17:01:57Z', '2026-03-01T17:01:57Z', 'anna', 'opportunity close', NULL, 1, 0, 43, 46, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (25, '2026-11-25T17:01:57Z', '2026-03-01T17:01:57Z', 'anna', 'closed delete', NULL, 1, 0, 47, 49, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (26, '2026-11-25T17:01:57Z', '2026-03-01T17:01:57Z', 'anna', 'automation set', NULL, 1, 0, 50, 50, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (27, '2026-11-25T17:01:57Z', '2026-03-01T17:01:57Z', 'anna', 'form add', NULL, 1, 0, 51, 51, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (28, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'capture submit', NULL, 1, 0, 52, 52, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (29, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'capture process', NULL, 1, 0, 53, 55, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (30, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'capture submit', NULL, 1, 0, 56, 56, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (31, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'capture process', NULL, 2, 0, 57, 59, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (32, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'person set-status', NULL, 1, 0, 60, 60, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (33, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'person set-status', NULL, 2, 0, 61, 62, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (34, '2026-11-25T17:01:58Z', '2026-03-01T17:01:58Z', 'anna', 'person distribute', NULL, 1, 0, 63, 64, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (35, '2026-11-25T17:01:59Z', '2026-03-01T17:01:59Z', 'anna', 'selection create', NULL, 1, 0, 65, 65, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (36, '2026-11-25T17:01:59Z', '2026-03-01T17:01:59Z', 'anna', 'selection create', NULL, 1, 0, 66, 67, NULL, NULL, 0);
INSERT INTO change (id, at, stamp, author, command, reason, records, layered, first_history_id, last_history_id, undoes, undone_by, purged) VALUES (37, '2026-11-25T17:01:59Z', '2026-03-01T17:01:59Z', 'anna', 'selection create', NULL, 1, 0, 68, 68, NULL, NULL, 0);
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
, part_of INTEGER) STRICT;
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (1, 1, 'user', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (2, 2, 'category', 1, 'name', 'Lead', 'Prospect', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (3, 3, 'company', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (4, 4, 'company', 2, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (5, 5, 'person', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (6, 6, 'person', 2, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (7, 7, 'person', 1, 'lead_status', 'open', 'qualified', '2026-03-01T17:01:52Z', '2026-03-01T17:01:52Z', NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (8, 8, 'person', 2, 'title', NULL, 'Buyer', '2026-03-01T17:01:53Z', '2026-03-01T17:01:53Z', NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (9, 9, 'person', 3, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (10, 10, 'person', 3, NULL, '{"id":3,"external_id":null,"external_id_key":null,"first_name":null,"first_name_key":null,"last_name":"Gone","last_name_key":"gone","title":null,"title_key":null,"email":null,"email_key":null,"phone":null,"phone_key":null,"country":null,"country_key":null,"company_id":null,"own_category_id":null,"own_owner_id":null,"lead_status_id":null,"retired":0,"extra":null,"extra_key":null,"form_id":null,"first_touch":null,"first_touch_key":null,"lead_creation":null,"lead_creation_key":null,"status_since":null,"created_at":"2026-03-01T17:01:53Z","updated_at":"2026-03-01T17:01:53Z"}', NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (11, 11, 'company', 1, 'category', 'lead', 'customer', '2026-03-01T17:01:52Z', NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (12, 12, 'company', 1, 'category', 'customer', 'lead', '2026-03-01T17:01:54Z', NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (13, 13, 'opportunity', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (14, 13, 'entry', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (15, 14, 'entry', 1, 'active', '1', '0', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (16, 14, 'entry', 1, 'days_open', '0', '10', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (17, 14, 'entry', 2, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (18, 15, 'cycle', 1, 'method', 'multiply', 'add', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (19, 16, 'entry', 2, 'active', '1', '0', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (20, 16, 'entry', 2, 'days_open', '0', '14', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (21, 16, 'entry', 3, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (22, 17, 'quote', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (23, 18, 'entry', 3, 'active', '1', '0', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (24, 18, 'entry', 3, 'days_open', '0', '7', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (25, 18, 'entry', 4, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (26, 19, 'opportunity', 2, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (27, 20, 'opportunity', 3, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (28, 20, 'entry', 5, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (29, 21, 'entry', 5, 'active', '1', '0', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (30, 21, 'entry', 5, 'days_open', '0', '1', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (31, 21, 'entry', 6, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (32, 21, 'opportunity', 3, 'status', 'in_progress', 'lost', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (33, 21, 'opportunity', 3, 'closed_on', NULL, '2026-03-02', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (34, 22, 'entry', 4, 'active', '1', '0', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (35, 22, 'entry', 4, 'days_open', '0', '23', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (36, 22, 'entry', 7, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (37, 22, 'opportunity', 1, 'status', 'in_progress', 'won', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (38, 22, 'opportunity', 1, 'closed_on', NULL, '2026-03-05', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (39, 22, 'order', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (40, 22, 'quote', 1, 'status', 'open', 'ordered', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (41, 23, 'opportunity', 4, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (42, 23, 'entry', 8, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (43, 24, 'entry', 8, 'active', '1', '0', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (44, 24, 'entry', 9, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (45, 24, 'opportunity', 4, 'status', 'in_progress', 'won', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (46, 24, 'opportunity', 4, 'closed_on', NULL, '2026-03-01', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (47, 25, 'entry', 8, NULL, '{"id":8,"opportunity_id":4,"action":"first","stage":10,"stage_name":"Initial","stage_name_key":"initial","previous_stage":null,"date":"2026-03-01","active":0,"days_open":0,"estimated_value_minor":0,"chances":1000,"completed":500,"probability":750,"calculated_value_minor":0,"close_date":"2026-03-01","closed_on":null,"close_code_id":null,"cycle_id":1}', NULL, NULL, NULL, 4);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (48, 25, 'entry', 9, NULL, '{"id":9,"opportunity_id":4,"action":"won","stage":null,"stage_name":null,"stage_name_key":null,"previous_stage":10,"date":"2026-03-01","active":1,"days_open":0,"estimated_value_minor":0,"chances":10000,"completed":10000,"probability":10000,"calculated_value_minor":500,"close_date":"2026-03-01","closed_on":"2026-03-01","close_code_id":1,"cycle_id":1}', NULL, NULL, NULL, 4);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (49, 25, 'opportunity', 4, NULL, '{"id":4,"external_id":null,"external_id_key":null,"description":"Deleted","description_key":"deleted","company_id":1,"person_id":null,"salesperson_id":null,"campaign":null,"campaign_key":null,"priority":"normal","cycle_id":1,"status":"won","created_on":"2026-03-01","closed_on":"2026-03-01","extra":null,"extra_key":null}', NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (50, 26, 'automation', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (51, 27, 'form', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (52, 28, 'capture', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (53, 29, 'capture', 1, 'status', 'submitted', 'processed', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (54, 29, 'capture', 1, 'person_id', NULL, '1', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (55, 29, 'capture', 1, 'company_id', NULL, '1', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (56, 30, 'capture', 2, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (57, 31, 'person', 4, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (58, 31, 'capture', 2, 'status', 'submitted', 'processed', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (59, 31, 'capture', 2, 'person_id', NULL, '4', NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (60, 32, 'person', 1, 'lead_status', 'qualified', 'contacting', '2026-03-01T17:01:53Z', '2026-03-01T17:01:53Z', NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (61, 33, 'person', 1, 'lead_status', 'contacting', 'qualified', '2026-03-01T17:01:58Z', '2026-03-01T17:01:58Z', NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (62, 33, 'proposal', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (63, 34, 'person', 4, 'owner', NULL, 'anna_berg', '2026-03-01T17:01:58Z', '2026-03-01T17:01:58Z', NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (64, 34, 'distribution', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (65, 35, 'selection', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (66, 36, 'selection', 2, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (67, 36, 'member', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO history (id, change_id, entity, entity_id, field, old, new, was_updated_at, was_since, part_of) VALUES (68, 37, 'selection', 3, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
INSERT INTO search (rowid, text) VALUES (3, 'Ås Verft    A-1');
INSERT INTO search (rowid, text) VALUES (4, 'Kari Ås kari@as.example +47 1  ');
INSERT INTO search (rowid, text) VALUES (6, 'Hansa Logistik    ');
INSERT INTO search (rowid, text) VALUES (7, ' Lind   Buyer ');
CREATE TABLE search_state (id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL) STRICT;
INSERT INTO search_state (id, indexed_to) VALUES (1, 10);
CREATE TABLE sales_cycle (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    method TEXT NOT NULL DEFAULT 'multiply' CHECK (method = 'multiply' OR method = 'add'
        OR method = 'chances' OR method = 'completed'),
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked = 0 OR blocked = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1)
) STRICT;
INSERT INTO sales_cycle (id, key, name, name_key, method, blocked, builtin) VALUES (1, 'standard', 'Standard', 'standard', 'add', 0, 1);
CREATE TABLE stage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO stage (id, cycle_id, number, name, name_key, completed, chances, quote_required, allow_skip, date_formula, builtin) VALUES (1, 1, 10, 'Initial', 'initial', 500, 1000, 0, 1, NULL, 1);
INSERT INTO stage (id, cycle_id, number, name, name_key, completed, chances, quote_required, allow_skip, date_formula, builtin) VALUES (2, 1, 20, 'Qualification', 'qualification', 2000, 3000, 0, 1, NULL, 1);
INSERT INTO stage (id, cycle_id, number, name, name_key, completed, chances, quote_required, allow_skip, date_formula, builtin) VALUES (3, 1, 30, 'Presentation', 'presentation', 5000, 5000, 0, 1, NULL, 1);
INSERT INTO stage (id, cycle_id, number, name, name_key, completed, chances, quote_required, allow_skip, date_formula, builtin) VALUES (4, 1, 40, 'Proposal', 'proposal', 7500, 7000, 1, 0, NULL, 1);
INSERT INTO stage (id, cycle_id, number, name, name_key, completed, chances, quote_required, allow_skip, date_formula, builtin) VALUES (5, 1, 50, 'Sign contract', 'sign contract', 9000, 9000, 0, 0, NULL, 1);
CREATE TABLE close_code (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    outcome TEXT NOT NULL CHECK (outcome = 'won' OR outcome = 'lost'),
    description TEXT,
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1)
) STRICT;
INSERT INTO close_code (id, key, name, name_key, outcome, description, builtin) VALUES (1, 'won', 'Won', 'won', 'won', NULL, 1);
INSERT INTO close_code (id, key, name, name_key, outcome, description, builtin) VALUES (2, 'lost_price', 'Lost on price', 'lost on price', 'lost', NULL, 1);
INSERT INTO close_code (id, key, name, name_key, outcome, description, builtin) VALUES (3, 'lost_competitor', 'Lost to a competitor', 'lost to a competitor', 'lost', NULL, 1);
INSERT INTO close_code (id, key, name, name_key, outcome, description, builtin) VALUES (4, 'lost_no_decision', 'No decision', 'no decision', 'lost', NULL, 1);
CREATE TABLE opportunity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO opportunity (id, external_id, external_id_key, description, description_key, company_id, person_id, salesperson_id, campaign, campaign_key, priority, cycle_id, status, created_on, closed_on, extra, extra_key) VALUES (1, NULL, NULL, 'Crane', 'crane', 2, NULL, NULL, NULL, NULL, 'normal', 1, 'won', '2026-03-01', '2026-03-05', NULL, NULL);
INSERT INTO opportunity (id, external_id, external_id_key, description, description_key, company_id, person_id, salesperson_id, campaign, campaign_key, priority, cycle_id, status, created_on, closed_on, extra, extra_key) VALUES (2, NULL, NULL, 'Hull', 'hull', 1, NULL, NULL, NULL, NULL, 'normal', 1, 'not_started', '2026-03-01', NULL, NULL, NULL);
INSERT INTO opportunity (id, external_id, external_id_key, description, description_key, company_id, person_id, salesperson_id, campaign, campaign_key, priority, cycle_id, status, created_on, closed_on, extra, extra_key) VALUES (3, NULL, NULL, 'Lost one', 'lost one', 1, 1, NULL, NULL, NULL, 'normal', 1, 'lost', '2026-03-01', '2026-03-02', NULL, NULL);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (1, 1, 1, 'first', 10, 'Initial', 'initial', NULL, '2026-01-10', 0, 10, 123456, 1000, 500, 50, 617, '2026-12-01', NULL, NULL);
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (2, 1, 1, 'next', 20, 'Qualification', 'qualification', 10, '2026-01-20', 0, 14, 123456, 3000, 2000, 600, 7407, '2026-12-01', NULL, NULL);
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (3, 1, 1, 'next', 30, 'Presentation', 'presentation', 20, '2026-02-03', 0, 7, 123456, 5000, 5000, 5000, 61728, '2026-12-01', NULL, NULL);
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (4, 1, 1, 'next', 40, 'Proposal', 'proposal', 30, '2026-02-10', 0, 23, 100050, 7000, 7500, 7250, 72536, '2026-12-01', NULL, NULL);
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (5, 3, 1, 'first', 10, 'Initial', 'initial', NULL, '2026-03-01', 0, 1, 0, 1000, 500, 750, 0, '2026-12-01', NULL, NULL);
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (6, 3, 1, 'lost', NULL, NULL, NULL, 10, '2026-03-02', 1, 0, 0, 0, 10000, 0, 0, '2026-03-02', '2026-03-02', 2);
INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, stage_name, stage_name_key, previous_stage, date, active, days_open, estimated_value_minor, chances, completed, probability, calculated_value_minor, close_date, closed_on, close_code_id) VALUES (7, 1, 1, 'won', NULL, NULL, NULL, 40, '2026-03-05', 1, 0, 100050, 10000, 10000, 10000, 100050, '2026-03-05', '2026-03-05', 1);
CREATE TABLE quote (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    opportunity_id INTEGER REFERENCES opportunity (id),
    company_id INTEGER REFERENCES company (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status = 'open' OR status = 'ordered'),
    lines TEXT NOT NULL DEFAULT '[]',
    total_minor INTEGER NOT NULL DEFAULT 0,
    created_on TEXT NOT NULL
) STRICT;
INSERT INTO quote (id, opportunity_id, company_id, status, lines, total_minor, created_on) VALUES (1, 1, 2, 'ordered', '[{"text": "Crane", "quantity": 2, "price_minor": 50025, "total_minor": 100050}]', 100050, '2026-03-01');
CREATE TABLE sales_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    quote_id INTEGER NOT NULL UNIQUE REFERENCES quote (id),
    opportunity_id INTEGER REFERENCES opportunity (id),
    company_id INTEGER REFERENCES company (id),
    lines TEXT NOT NULL DEFAULT '[]',
    total_minor INTEGER NOT NULL DEFAULT 0,
    created_on TEXT NOT NULL
) STRICT;
INSERT INTO sales_order (id, quote_id, opportunity_id, company_id, lines, total_minor, created_on) VALUES (1, 1, 1, 2, '[{"text": "Crane", "quantity": 2, "price_minor": 50025, "total_minor": 100050}]', 100050, '2026-03-05');
CREATE TABLE automation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    trigger_key TEXT NOT NULL UNIQUE CHECK (trigger_key = 'opportunity_created'
        OR trigger_key = 'opportunity_won' OR trigger_key = 'opportunity_lost'
        OR trigger_key = 'lead_status'),
    lead_status_id INTEGER REFERENCES lead_status (id),
    category_id INTEGER NOT NULL REFERENCES category (id),
    confirm INTEGER NOT NULL DEFAULT 0 CHECK (confirm = 0 OR confirm = 1),
    CHECK ((trigger_key = 'lead_status') = (lead_status_id IS NOT NULL))
) STRICT;
INSERT INTO automation (id, trigger_key, lead_status_id, category_id, confirm) VALUES (1, 'lead_status', 5, 3, 1);
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    trigger_key TEXT NOT NULL,
    company_id INTEGER REFERENCES company (id),
    person_id INTEGER REFERENCES person (id),
    from_category_id INTEGER REFERENCES category (id),
    to_category_id INTEGER NOT NULL REFERENCES category (id),
    at TEXT NOT NULL
) STRICT;
INSERT INTO proposal (id, trigger_key, company_id, person_id, from_category_id, to_category_id, at) VALUES (1, 'lead_status', 1, 1, 1, 3, '2026-03-01T17:01:58Z');
CREATE TABLE form (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL DEFAULT 'auto'
        CHECK (mode = 'auto' OR mode = 'known' OR mode = 'manual'),
    category_id INTEGER REFERENCES category (id),
    selection TEXT,
    owner_id INTEGER REFERENCES app_user (id)
) STRICT;
INSERT INTO form (id, name, name_key, mode, category_id, selection, owner_id) VALUES (1, 'Web', 'web', 'auto', 1, NULL, NULL);
CREATE TABLE capture (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO capture (id, form_id, at, status, email, email_key, person_id, company_id, message, payload, conversion) VALUES (1, 1, '2026-03-01T17:01:58Z', 'processed', 'kari@as.example', 'kari@as.example', 1, 1, NULL, '{"email": "kari@as.example", "name": "Kari Ås", "utm_source": "fair"}
', '{"source": "fair", "medium": null, "campaign": null, "term": null, "content": null, "referrer": null, "when": "2026-03-01T17:01:58Z"}');
INSERT INTO capture (id, form_id, at, status, email, email_key, person_id, company_id, message, payload, conversion) VALUES (2, 1, '2026-03-01T17:01:58Z', 'processed', 'new@as.example', 'new@as.example', 4, NULL, NULL, '{"email": "new@as.example", "last_name": "Øst", "utm_source": "fair"}
', '{"source": "fair", "medium": null, "campaign": null, "term": null, "content": null, "referrer": null, "when": "2026-03-01T17:01:58Z"}');
CREATE TABLE distribution (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    targets TEXT NOT NULL UNIQUE,
    last_user_id INTEGER REFERENCES app_user (id)
) STRICT;
INSERT INTO distribution (id, targets, last_user_id) VALUES (1, '1', 1);
CREATE TABLE selection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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
) STRICT;
INSERT INTO selection (id, key, name, name_key, entity, kind, expressions, source_a_id, source_b_id, operator, owner_id, description, created_at) VALUES (1, 'hot', 'Hot', 'hot', 'person', 'dynamic', '["lead_status = qualified"]', NULL, NULL, NULL, NULL, NULL, '2026-03-01T17:01:59Z');
INSERT INTO selection (id, key, name, name_key, entity, kind, expressions, source_a_id, source_b_id, operator, owner_id, description, created_at) VALUES (2, 'fair', 'Fair', 'fair', 'person', 'static', NULL, NULL, NULL, NULL, NULL, NULL, '2026-03-01T17:01:59Z');
INSERT INTO selection (id, key, name, name_key, entity, kind, expressions, source_a_id, source_b_id, operator, owner_id, description, created_at) VALUES (3, 'both', 'Both', 'both', 'person', 'combined', NULL, 1, 2, 'union', NULL, NULL, '2026-03-01T17:01:59Z');
CREATE TABLE member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    selection_id INTEGER NOT NULL REFERENCES selection (id),
    record_id INTEGER NOT NULL,
    UNIQUE (selection_id, record_id)
) STRICT;
INSERT INTO member (id, selection_id, record_id) VALUES (1, 2, 1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('app_user', 1);
INSERT INTO sqlite_sequence VALUES ('automation', 1);
INSERT INTO sqlite_sequence VALUES ('capture', 2);
INSERT INTO sqlite_sequence VALUES ('category', 6);
INSERT INTO sqlite_sequence VALUES ('change', 37);
INSERT INTO sqlite_sequence VALUES ('close_code', 4);
INSERT INTO sqlite_sequence VALUES ('company', 2);
INSERT INTO sqlite_sequence VALUES ('distribution', 1);
INSERT INTO sqlite_sequence VALUES ('entry', 9);
INSERT INTO sqlite_sequence VALUES ('form', 1);
INSERT INTO sqlite_sequence VALUES ('history', 68);
INSERT INTO sqlite_sequence VALUES ('lead_status', 5);
INSERT INTO sqlite_sequence VALUES ('member', 1);
INSERT INTO sqlite_sequence VALUES ('opportunity', 4);
INSERT INTO sqlite_sequence VALUES ('person', 4);
INSERT INTO sqlite_sequence VALUES ('proposal', 1);
INSERT INTO sqlite_sequence VALUES ('quote', 1);
INSERT INTO sqlite_sequence VALUES ('sales_cycle', 1);
INSERT INTO sqlite_sequence VALUES ('sales_order', 1);
INSERT INTO sqlite_sequence VALUES ('selection', 3);
INSERT INTO sqlite_sequence VALUES ('setting', 5);
INSERT INTO sqlite_sequence VALUES ('stage', 5);
CREATE INDEX automation_category ON automation (category_id);
CREATE INDEX automation_status ON automation (lead_status_id) WHERE lead_status_id IS NOT NULL;
CREATE INDEX capture_company ON capture (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX capture_form ON capture (form_id);
CREATE INDEX capture_person ON capture (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX capture_status ON capture (status);
CREATE INDEX change_author ON change (author, id);
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX change_undone_by ON change (undone_by) WHERE undone_by IS NOT NULL;
CREATE INDEX combined_first ON selection (source_a_id) WHERE source_a_id IS NOT NULL;
CREATE INDEX combined_second ON selection (source_b_id) WHERE source_b_id IS NOT NULL;
CREATE INDEX company_category ON company (category_id);
CREATE INDEX company_name ON company (name_key);
CREATE INDEX company_owner ON company (owner_id);
CREATE INDEX distribution_user ON distribution (last_user_id) WHERE last_user_id IS NOT NULL;
CREATE UNIQUE INDEX entry_active ON entry (opportunity_id) WHERE active = 1;
CREATE INDEX entry_close_code ON entry (close_code_id) WHERE close_code_id IS NOT NULL;
CREATE INDEX entry_closing ON entry (action, close_code_id, closed_on, calculated_value_minor,
    estimated_value_minor, cycle_id, opportunity_id, active, stage)
    WHERE active = 1 AND stage IS NULL;
CREATE INDEX entry_opportunity ON entry (opportunity_id);
CREATE INDEX entry_stage ON entry (cycle_id, stage, close_date, estimated_value_minor,
    calculated_value_minor, opportunity_id, active) WHERE active = 1 AND stage IS NOT NULL;
CREATE INDEX form_category ON form (category_id) WHERE category_id IS NOT NULL;
CREATE INDEX form_owner ON form (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX history_of_parts ON history (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX history_record ON history (entity, entity_id);
CREATE INDEX member_record ON member (record_id);
CREATE INDEX opportunity_closed ON opportunity (closed_on) WHERE closed_on IS NOT NULL;
CREATE INDEX opportunity_company ON opportunity (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX opportunity_cycle ON opportunity (cycle_id);
CREATE INDEX opportunity_description ON opportunity (description_key);
CREATE INDEX opportunity_person ON opportunity (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX opportunity_salesperson ON opportunity (salesperson_id)
    WHERE salesperson_id IS NOT NULL;
CREATE INDEX opportunity_status ON opportunity (status);
CREATE INDEX order_company ON sales_order (company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX order_opportunity ON sales_order (opportunity_id)
    WHERE opportunity_id IS NOT NULL;
CREATE INDEX owner_of_selection ON selection (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX person_board ON person (lead_status_id, name_key) WHERE retired = 0;
CREATE INDEX person_company ON person (company_id, own_category_id, own_owner_id, retired);
CREATE INDEX person_creation_campaign ON person
    (lead_creation_campaign_key, lead_creation_campaign, created_at, retired, has_lead_creation)
    WHERE lead_creation_campaign_key IS NOT NULL;
CREATE INDEX person_creation_source ON person
    (lead_creation_source_key, lead_creation_source, created_at, retired, has_lead_creation)
    WHERE lead_creation_source_key IS NOT NULL;
CREATE INDEX person_email ON person (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX person_first_touch ON person
    (first_touch_source_key, first_touch_source, created_at, retired, has_lead_creation)
    WHERE first_touch_source_key IS NOT NULL;
CREATE INDEX person_form ON person (form_id, created_at, retired) WHERE form_id IS NOT NULL;
CREATE INDEX person_lead_creation ON person (lead_status_id, retired, created_at)
    WHERE lead_creation IS NOT NULL;
CREATE INDEX person_lead_status ON person (lead_status_id, retired, created_at);
CREATE INDEX person_name ON person (name_key);
CREATE INDEX person_own_category ON person (own_category_id) WHERE own_category_id IS NOT NULL;
CREATE INDEX person_own_owner ON person (own_owner_id) WHERE own_owner_id IS NOT NULL;
CREATE INDEX proposal_company ON proposal (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX proposal_from ON proposal (from_category_id) WHERE from_category_id IS NOT NULL;
CREATE INDEX proposal_person ON proposal (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX proposal_to ON proposal (to_category_id);
CREATE INDEX quote_company ON quote (company_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX quote_opportunity ON quote (opportunity_id) WHERE opportunity_id IS NOT NULL;
CREATE TRIGGER change_is_append_only BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;
CREATE TRIGGER history_is_append_only_1 BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_append_only_2 BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE VIEW selection_hot AS /* a selection of leadctl */ SELECT t.id AS "id", t.external_id AS "external_id", t.first_name AS "first_name", t.last_name AS "last_name", trim(coalesce(t.first_name, '') || ' ' || coalesce(t.last_name, '')) AS "name", t.title AS "title", t.email AS "email", t.phone AS "phone", t.country AS "country", t.company_id AS "company_id", c.name AS "company", (t.company_id IS NOT NULL) AS "has_company", k.key AS "category", k.group_key AS "category_group", s.key AS "lead_status", (CASE
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
END) AS "lead_status_reason", t.status_since AS "status_since", CAST(julianday(date('now')) - julianday(substr(t.status_since, 1, 10)) AS INTEGER) AS "status_age", o.key AS "owner", t.retired AS "retired", f.name AS "form", coalesce(t.extra, '{}') AS "extra", t.created_at AS "created_at", t.updated_at AS "updated_at" FROM person t LEFT JOIN company c ON c.id = t.company_id LEFT JOIN category k ON k.id = coalesce(c.category_id, t.own_category_id) LEFT JOIN app_user o ON o.id = coalesce(c.owner_id, t.own_owner_id) LEFT JOIN lead_status s ON s.id = t.lead_status_id LEFT JOIN form f ON f.id = t.form_id WHERE ((t.lead_status_id = 5) AND +(t.retired = 0));
CREATE VIEW v_companies AS SELECT t.id AS "id", t.external_id AS "external_id", t.name AS "name", k.key AS "category", k.group_key AS "category_group", coalesce(k.lead_status_enabled, 0) AS "lead_status_enabled", (coalesce(k.group_key, '') = 'customer') AS "is_customer", o.key AS "owner", t.country AS "country", t.email AS "email", t.phone AS "phone", t.website AS "website", (SELECT count(*) FROM person p WHERE p.company_id = t.id) AS "people", coalesce(t.extra, '{}') AS "extra", t.created_at AS "created_at", t.updated_at AS "updated_at" FROM company t LEFT JOIN category k ON k.id = t.category_id LEFT JOIN app_user o ON o.id = t.owner_id;
CREATE VIEW v_opportunities AS SELECT t.id AS "id", t.external_id AS "external_id", t.description AS "description", CASE WHEN t.person_id IS NOT NULL THEN 'person' WHEN t.company_id IS NOT NULL THEN 'company' END AS "contact_type", t.company_id AS "company_id", c.name AS "company", t.person_id AS "person_id", CASE WHEN p.id IS NOT NULL THEN trim(coalesce(p.first_name, '') || ' ' || coalesce(p.last_name, '')) END AS "person", u.key AS "salesperson", t.campaign AS "campaign", t.priority AS "priority", y.key AS "cycle", t.status AS "status", CASE WHEN (t.status = 'won' OR t.status = 'lost') THEN t.status END AS "outcome", e.stage AS "stage", e.stage_name AS "stage_name", CASE WHEN coalesce(e.estimated_value_minor, 0) % 100 = 0 THEN CAST(coalesce(e.estimated_value_minor, 0) / 100 AS BIGINT) ELSE coalesce(e.estimated_value_minor, 0) / 100.0 END AS "estimated_value", CASE WHEN coalesce(e.chances, 0) % 100 = 0 THEN CAST(coalesce(e.chances, 0) / 100 AS BIGINT) ELSE coalesce(e.chances, 0) / 100.0 END AS "chances_percent", CASE WHEN coalesce(e.completed, 0) % 100 = 0 THEN CAST(coalesce(e.completed, 0) / 100 AS BIGINT) ELSE coalesce(e.completed, 0) / 100.0 END AS "completed_percent", CASE WHEN coalesce(e.probability, 0) % 100 = 0 THEN CAST(coalesce(e.probability, 0) / 100 AS BIGINT) ELSE coalesce(e.probability, 0) / 100.0 END AS "probability_percent", CASE WHEN coalesce(e.calculated_value_minor, 0) % 100 = 0 THEN CAST(coalesce(e.calculated_value_minor, 0) / 100 AS BIGINT) ELSE coalesce(e.calculated_value_minor, 0) / 100.0 END AS "calculated_value", e.close_date AS "close_date", t.created_on AS "created_on", t.closed_on AS "closed_on", k.key AS "close_code", q.id AS "quote_id", r.id AS "order_id", (q.id IS NOT NULL) AS "has_quote", CASE WHEN e.stage IS NOT NULL THEN CAST(julianday(date('now')) - julianday((SELECT v.date FROM entry v WHERE v.opportunity_id = t.id AND v.action <> 'updated' ORDER BY v.id DESC LIMIT 1)) AS INTEGER) END AS "stage_age", coalesce(t.extra, '{}') AS "extra" FROM opportunity t LEFT JOIN company c ON c.id = t.company_id LEFT JOIN person p ON p.id = t.person_id LEFT JOIN app_user u ON u.id = t.salesperson_id LEFT JOIN sales_cycle y ON y.id = t.cycle_id LEFT JOIN entry e ON e.opportunity_id = t.id AND e.active = 1 LEFT JOIN close_code k ON k.id = e.close_code_id LEFT JOIN quote q ON q.opportunity_id = t.id LEFT JOIN sales_order r ON r.opportunity_id = t.id AND t.status <> 'lost';
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
END) AS "lead_status_reason", t.status_since AS "status_since", CAST(julianday(date('now')) - julianday(substr(t.status_since, 1, 10)) AS INTEGER) AS "status_age", o.key AS "owner", t.retired AS "retired", f.name AS "form", coalesce(t.extra, '{}') AS "extra", t.created_at AS "created_at", t.updated_at AS "updated_at" FROM person t LEFT JOIN company c ON c.id = t.company_id LEFT JOIN category k ON k.id = coalesce(c.category_id, t.own_category_id) LEFT JOIN app_user o ON o.id = coalesce(c.owner_id, t.own_owner_id) LEFT JOIN lead_status s ON s.id = t.lead_status_id LEFT JOIN form f ON f.id = t.form_id;
CREATE VIEW v_stage_history AS SELECT t.opportunity_id AS "opportunity_id", o.description AS "description", y.key AS "cycle", t.stage_name AS "stage_name", t.id AS "id", t.action AS "action", t.stage AS "stage", t.previous_stage AS "previous_stage", t.date AS "date", t.active AS "active", t.days_open AS "days_open", CASE WHEN t.estimated_value_minor % 100 = 0 THEN CAST(t.estimated_value_minor / 100 AS BIGINT) ELSE t.estimated_value_minor / 100.0 END AS "estimated_value", CASE WHEN t.chances % 100 = 0 THEN CAST(t.chances / 100 AS BIGINT) ELSE t.chances / 100.0 END AS "chances_percent", CASE WHEN t.completed % 100 = 0 THEN CAST(t.completed / 100 AS BIGINT) ELSE t.completed / 100.0 END AS "completed_percent", CASE WHEN t.probability % 100 = 0 THEN CAST(t.probability / 100 AS BIGINT) ELSE t.probability / 100.0 END AS "probability_percent", CASE WHEN t.calculated_value_minor % 100 = 0 THEN CAST(t.calculated_value_minor / 100 AS BIGINT) ELSE t.calculated_value_minor / 100.0 END AS "calculated_value", t.close_date AS "close_date", t.closed_on AS "closed_on", k.key AS "close_code" FROM entry t LEFT JOIN close_code k ON k.id = t.close_code_id JOIN opportunity o ON o.id = t.opportunity_id JOIN sales_cycle y ON y.id = t.cycle_id;
COMMIT;
