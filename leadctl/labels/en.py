"""English: the source language."""

LEAD_STATUS = {
    "open": "Open",
    "contacting": "Contacting",
    "disqualified": "Disqualified",
    "re_nurture": "Re-nurture",
    "qualified": "Qualified",
}
LEAD_STATUS_DESCRIPTION = {
    "open": "Nobody in sales has been in touch yet",
    "contacting": "Sales is trying to reach the person",
    "disqualified": "Does not meet the criteria; no more contact",
    "re_nurture": "Not now, perhaps later; back to marketing",
    "qualified": "Everything needed to start a sale is there",
}
LEAD_STATUS_ALIASES = {"SQL": "qualified", "Sales-ready lead": "qualified"}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketing qualified lead (MQL)",
    "opportunity": "Opportunity",
    "lost_opportunity": "Lost opportunity",
    "customer": "Customer",
    "partner": "Partner",
}
CATEGORY_DESCRIPTION = {
    "lead": "First interest, no sign of wanting to buy yet",
    "mql": "Fits the target profile, or asked for more",
    "opportunity": "In an active sales process",
    "lost_opportunity": "One or more sales were lost",
    "customer": "Buys from us",
    "partner": "Works with us",
}
CATEGORY_ALIASES = {"Marketing qualified lead": "mql"}
GROUP = {
    "customer": "Customer",
    "potential_customer": "Potential customer",
    "partner": "Partner",
    "lost": "Lost",
    "other": "Other",
}
HEADERS = {
    "id": "ID",
    "external_id": "External ID",
    "email": "E-mail",
    "company_id": "Company ID",
    "entity_id": "Record",
    "lead_status_active": "Applies",
    "lead_status_reason": "Why not",
    "lead_status_enabled": "Lead status on",
    "is_default": "Default",
    "is_customer": "Customer?",
    "has_company": "In a company",
}
MESSAGES: dict[str, str] = {}
