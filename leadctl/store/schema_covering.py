"""The fifth step of the schema: indexes from which boards, the dashboard and reports are counted
without reading the tables, and whose part it was that an image in the history shows.
"""

COVERING = """
ALTER TABLE person ADD COLUMN has_lead_creation INTEGER
    GENERATED ALWAYS AS (lead_creation IS NOT NULL) VIRTUAL;
ALTER TABLE person ADD COLUMN lead_creation_source TEXT
    GENERATED ALWAYS AS (CAST(lead_creation ->> '$."source"' AS TEXT)) VIRTUAL;
ALTER TABLE person ADD COLUMN lead_creation_source_key TEXT
    GENERATED ALWAYS AS (CAST(lead_creation_key ->> '$."source"' AS TEXT)) VIRTUAL;
ALTER TABLE person ADD COLUMN lead_creation_campaign TEXT
    GENERATED ALWAYS AS (CAST(lead_creation ->> '$."campaign"' AS TEXT)) VIRTUAL;
ALTER TABLE person ADD COLUMN lead_creation_campaign_key TEXT
    GENERATED ALWAYS AS (CAST(lead_creation_key ->> '$."campaign"' AS TEXT)) VIRTUAL;
ALTER TABLE person ADD COLUMN first_touch_source TEXT
    GENERATED ALWAYS AS (CAST(first_touch ->> '$."source"' AS TEXT)) VIRTUAL;
ALTER TABLE person ADD COLUMN first_touch_source_key TEXT
    GENERATED ALWAYS AS (CAST(first_touch_key ->> '$."source"' AS TEXT)) VIRTUAL;
CREATE INDEX person_creation_source ON person
    (lead_creation_source_key, lead_creation_source, created_at, retired, has_lead_creation)
    WHERE lead_creation_source_key IS NOT NULL;
CREATE INDEX person_creation_campaign ON person
    (lead_creation_campaign_key, lead_creation_campaign, created_at, retired, has_lead_creation)
    WHERE lead_creation_campaign_key IS NOT NULL;
CREATE INDEX person_first_touch ON person
    (first_touch_source_key, first_touch_source, created_at, retired, has_lead_creation)
    WHERE first_touch_source_key IS NOT NULL;
DROP INDEX person_lead_status;
CREATE INDEX person_lead_status ON person (lead_status_id, retired, created_at);
CREATE INDEX person_lead_creation ON person (lead_status_id, retired, created_at)
    WHERE lead_creation IS NOT NULL;
DROP INDEX person_company;
CREATE INDEX person_company ON person (company_id, own_category_id, own_owner_id, retired);
DROP INDEX person_form;
CREATE INDEX person_form ON person (form_id, created_at, retired) WHERE form_id IS NOT NULL;
DROP INDEX entry_stage;
CREATE INDEX entry_stage ON entry (cycle_id, stage, close_date, estimated_value_minor,
    calculated_value_minor, opportunity_id, active) WHERE active = 1 AND stage IS NOT NULL;
CREATE INDEX entry_closing ON entry (action, close_code_id, closed_on, calculated_value_minor,
    estimated_value_minor, cycle_id, opportunity_id, active, stage)
    WHERE active = 1 AND stage IS NULL;
ALTER TABLE history ADD COLUMN part_of INTEGER;
{rewriting}
UPDATE history SET part_of = CAST(old ->> 'opportunity_id' AS BIGINT)
    WHERE entity = 'entry' AND field IS NULL AND old IS NOT NULL;
{rewritten}
DROP INDEX history_of_entries;
CREATE INDEX history_of_parts ON history (part_of) WHERE part_of IS NOT NULL;
"""
