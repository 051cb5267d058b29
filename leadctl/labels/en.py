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
CYCLE = {"standard": "Standard"}
STAGE = {
    "initial": "Initial",
    "qualification": "Qualification",
    "presentation": "Presentation",
    "proposal": "Proposal",
    "sign_contract": "Sign contract",
}
CLOSE_CODE = {
    "won": "Won",
    "lost_price": "Lost on price",
    "lost_competitor": "Lost to a competitor",
    "lost_no_decision": "No decision",
}
STATUS = {
    "not_started": "Not started",
    "in_progress": "In progress",
    "won": "Won",
    "lost": "Lost",
}
OUTCOME = {"won": "Won", "lost": "Lost"}
ACTION = {
    "first": "First",
    "next": "Next",
    "previous": "Previous",
    "updated": "Updated",
    "jumped": "Jumped",
    "won": "Won",
    "lost": "Lost",
    "reopened": "Reopened",
}
METHOD = {
    "multiply": "Multiply",
    "add": "Add",
    "chances": "Chances of success %",
    "completed": "Completed %",
}
PRIORITY = {"low": "Low", "normal": "Normal", "high": "High"}
CONTACT_TYPE = {"company": "Company", "person": "Person"}
QUOTE_STATUS = {"open": "Open", "ordered": "Ordered"}
MODE = {"auto": "Automatic", "known": "Automatic if known", "manual": "Manual"}
CAPTURE_STATUS = {
    "submitted": "Submitted",
    "processed": "Processed",
    "failed": "Failed",
    "rejected": "Rejected",
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
    "has_quote": "Quote?",
    "person_id": "Person ID",
    "opportunity_id": "Opportunity ID",
    "quote_id": "Quote ID",
    "order_id": "Order ID",
    "estimated_value": "Estimated value",
    "calculated_value": "Calculated value",
    "chances_percent": "Chances %",
    "completed_percent": "Completed %",
    "probability_percent": "Probability %",
    "close_date": "Expected closing",
    "created_on": "Created on",
    "closed_on": "Closed on",
    "days_open": "Days open",
    "stage_age": "Days on stage",
    "average_days_per_entry": "Days per entry",
    "average_days_per_visit": "Days per visit",
}
MESSAGES: dict[str, str] = {}
