"""What each field of a record means, and which fields always have a value."""

from __future__ import annotations

_PERCENT = "in percent, 0 to 100"
_ID = "Number of the record; never used again"
_KEY = "Stable key, a slug of the first name it had"

_EVERYWHERE = {
    "id": _ID,
    "key": _KEY,
    "name": "Name",
    "external_id": "Key in the system that it came from; `ext:KEY` names the record by it",
    "email": "E-mail address",
    "phone": "Phone number, as typed",
    "country": "Country, free text",
    "description": "Description",
    "owner": "Key of the user who owns it",
    "extra": "Further columns of what was imported: an object of texts; a filter, `--fields` and"
    " `--sort` reach one as `extra.KEY`",
    "created_at": "When it was added",
    "updated_at": "When it was last changed",
    "company_id": "Number of the company",
    "company": "Name of the company",
    "person_id": "Number of the person",
    "opportunity_id": "Number of the opportunity",
    "created_on": "Day on which it was created",
    "cycle": "Key of the sales cycle",
    "stage": "Number of the stage",
    "stage_name": "Name of the stage",
    "estimated_value": "What it would bring, in the currency of the file",
    "calculated_value": "Estimated value times probability",
    "chances_percent": f"Chances of success, {_PERCENT}",
    "completed_percent": f"How much of the sales cycle is completed, {_PERCENT}",
    "probability_percent": f"From chances and completed by the method of the cycle, {_PERCENT}",
    "close_date": "Day on which it is expected to be closed",
    "closed_on": "Day on which it was closed",
    "close_code": "Key of the reason for closing",
    "rank": "Place in the list; higher stands later",
    "deleted": "Whether it is deleted: kept where it is used, given to nobody",
    "category": "Key of the category",
    "category_group": "Group of the category; null when it has none",
    "lines": "Its lines: objects with `text`, `quantity`, `price` and `total`",
    "total": "Sum of its lines",
    "at": "When it happened",
    "user": "Who did it",
    "command": "The noun and verb that did it",
}
_ONE: dict[str, dict[str, str]] = {
    "company": {
        "lead_status_enabled": "Whether people of its category have a lead status",
        "is_customer": "Whether the category is of the group customer",
        "website": "Address of its website",
        "people": "How many people it has, retired ones included",
    },
    "person": {
        "first_name": "First name; one of first and last name is there",
        "last_name": "Last name",
        "name": "First and last name",
        "title": "Title or position",
        "has_company": "Whether the person has a company",
        "category": "Key of the category: that of the company, if there is one",
        "owner": "Key of the user who owns the person: that of the company, if there is one",
        "lead_status": "Key of the lead status that is stored, whether or not it applies",
        "lead_status_active": "Whether lead status applies now",
        "lead_status_reason": "Why it does not apply",
        "status_since": "Since when the person has this lead status",
        "status_age": "Days since then",
        "retired": "Whether the person is retired, and left out of lists",
        "form": "Name of the web form by which the person came",
    },
    "opportunity": {
        "contact_type": "Whom it is with; null when the contact is gone",
        "company_id": "Number of the company it is with",
        "person_id": "Number of the person it is with",
        "person": "Name of the person",
        "salesperson": "Key of the user who sells",
        "campaign": "Campaign that it came from, free text",
        "priority": "How urgent it is",
        "status": "Where it is in its life",
        "outcome": "How it was closed; null while it is open",
        "stage": "Number of the stage; null when not started or closed",
        "stage_name": "Name of the stage when it was entered; null as for `stage`",
        "quote_id": "Number of its quote",
        "order_id": "Number of its order",
        "has_quote": "Whether it has a quote",
        "stage_age": "Days since it came to its stage; null as for `stage`",
    },
    "entry": {
        "action": "What was done",
        "stage": "Number of the stage; null on an entry that closes",
        "stage_name": "Name of the stage when it was entered",
        "previous_stage": "Number of the stage before",
        "date": "Day of the move",
        "active": "Whether its figures hold now",
        "days_open": "Days until the next entry; 0 on the active one",
        "description": "Description of the opportunity",
    },
    "quote": {
        "opportunity_id": "Number of the opportunity; null when it was deleted",
        "status": "`ordered` when an order was made of it",
    },
    "order": {"quote_id": "Number of the quote it was made of"},
    "category": {
        "group": "Group of the category; null when it has none",
        "lead_status_enabled": "Whether its people have a lead status",
        "companies": "How many companies have it",
        "people": "How many people have it, by their company or of their own",
    },
    "lead_status": {
        "is_default": "Whether people start with it",
        "people": "How many people have it, also where it does not apply",
    },
    "user": {
        "group": "Group for `person distribute --group`",
        "active": "Whether the user can be given records by distribution",
        "away": "Whether the user is skipped by distribution for now",
    },
    "cycle": {
        "method": "How the probability follows from chances and completed",
        "blocked": "Whether new opportunities can no longer take it",
        "stages": "How many stages it has",
        "opportunities": "How many open, started opportunities are on it",
        "estimated_value": "Sum of their estimated values",
        "calculated_value": "Sum of their calculated values",
    },
    "stage": {
        "quote_required": "Whether a quote is needed to enter it",
        "allow_skip": "Whether it may be skipped",
        "date_formula": "Expected closing date from the day of entry, such as `2W` or `1M+3D`",
        "opportunities": "How many open opportunities stand on it",
        "estimated_value": "Sum of their estimated values",
        "calculated_value": "Sum of their calculated values",
        "average_days_per_entry": "Average days of an entry on it; null before there was one",
        "average_days_per_visit": "Average days of a visit, with its updates; null as above",
    },
    "close_code": {
        "outcome": "The outcome that it is a reason for",
        "opportunities": "How many opportunities were closed with it",
    },
    "selection": {
        "entity": "What it selects",
        "kind": "A list, a filter, or a combination of two others",
        "where": "The filter, or how two selections are combined; null for a list",
        "members": "How many are in it now; null where that cannot be said, as for `me` without a user",
    },
    "form": {
        "mode": "What becomes of what is submitted",
        "category": "Key of the category that it gives",
        "selection": "Name of the static selection that its people are added to",
        "owner": "Key of the user who owns whom it adds",
        "people": "How many people it has added",
    },
    "capture": {
        "form": "Name of the form",
        "status": "What has become of it",
        "email": "E-mail address that was submitted",
        "person_id": "Number of the person it was matched with or made into",
        "company_id": "Number of that person's company",
        "message": "Why it waits, failed, or what else there is to say",
    },
    "automation": {
        "trigger": "What it acts on",
        "status": "Key of the lead status, for the trigger `lead_status`",
        "category": "Key of the category that companies move to",
        "confirm": "Whether it proposes instead of moving",
    },
    "proposal": {
        "company_id": "Number of the company; null for a person without one",
        "trigger": "What it followed from",
        "person_id": "Number of the person whose lead status it followed from",
        "from": "Key of the category that the company has",
        "to": "Key of the category that is proposed",
    },
    "change": {
        "reason": "What `--reason` said",
        "records": "How many records it changed",
        "undone_by": "Number of the change that took it back",
        "undoes": "Number of the change that it took back",
    },
    "history": {
        "entity": "Kind of record",
        "entity_id": "Number of the record",
        "field": "What changed; null where the record was added or deleted",
        "old": "Value before, list values as keys; the whole record as JSON for a deletion",
        "new": "Value after",
    },
    "find": {"entity": "Kind of record"},
}
# Fields that are never null.
_ALWAYS = {
    "company": "id name lead_status_enabled is_customer people extra created_at updated_at",
    "person": "id name has_company lead_status_active retired extra created_at updated_at",
    "opportunity": "id description priority cycle status estimated_value chances_percent"
    " completed_percent probability_percent calculated_value created_on has_quote extra",
    "entry": "id action date close_date active days_open estimated_value chances_percent completed_percent"
    " probability_percent calculated_value opportunity_id description cycle",
    "quote": "id status lines total created_on",
    "order": "id quote_id lines total created_on",
    "category": "id key name lead_status_enabled rank deleted companies people",
    "lead_status": "id key name rank is_default deleted people",
    "user": "id key name active away",
    "cycle": "id key name method blocked stages opportunities estimated_value calculated_value",
    "stage": "stage name completed_percent chances_percent quote_required allow_skip"
    " opportunities estimated_value calculated_value",
    "close_code": "id key name outcome opportunities",
    "selection": "name entity kind created_at",
    "form": "name mode people",
    "capture": "id form at status",
    "automation": "trigger category confirm",
    "proposal": "id trigger to at",
    "change": "id at user command records",
    "history": "entity entity_id at user command",
    "find": "entity id name",
}


def meaning(entity: str, field: str) -> str:
    """One sentence on a field. Raises KeyError for one that nobody has described."""
    return _ONE.get(entity, {}).get(field) or _EVERYWHERE[field]


def always(entity: str, field: str) -> bool:
    """Whether a field never is null."""
    return field in _ALWAYS[entity].split()


def described() -> set[tuple[str, str]]:
    """Every field that is described or promised for one kind of record."""
    named = {(entity, field) for entity, fields in _ONE.items() for field in fields}
    return named | {(entity, field) for entity, text in _ALWAYS.items() for field in text.split()}
