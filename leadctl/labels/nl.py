"""Dutch."""

LEAD_STATUS = {
    "open": "Open",
    "contacting": "Contact opnemen",
    "disqualified": "Gediskwalificeerd",
    "re_nurture": "Opnieuw benaderen",
    "qualified": "Gekwalificeerd",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketinggekwalificeerde lead (MQL)",
    "opportunity": "Opportunity",
    "lost_opportunity": "Verloren opportunity",
    "customer": "Klant",
    "partner": "Partner",
}
CATEGORY_ALIASES = {
    "Marketinggekwalificeerde lead": "mql",
}
GROUP = {
    "customer": "Klant",
    "potential_customer": "Potentiële klant",
    "partner": "Partner",
    "lost": "Verloren",
    "other": "Overig",
}
HEADERS: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
