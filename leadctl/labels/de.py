"""German."""

LEAD_STATUS = {
    "open": "Offen",
    "contacting": "Kontaktaufnahme",
    "disqualified": "Disqualifiziert",
    "re_nurture": "Erneut bearbeiten",
    "qualified": "Qualifiziert",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketingqualifizierter Lead (MQL)",
    "opportunity": "Opportunity",
    "lost_opportunity": "Verlorene Opportunity",
    "customer": "Kunde",
    "partner": "Partner",
}
CATEGORY_ALIASES = {
    "Marketingqualifizierter Lead": "mql",
    "Marketingqualifiziertes Lead": "mql",
    "Verkaufschance": "opportunity",
}
GROUP = {
    "customer": "Kunde",
    "potential_customer": "Potenzieller Kunde",
    "partner": "Partner",
    "lost": "Verloren",
    "other": "Andere",
}
GROUP_ALIASES = {
    "Potentieller Kunde": "potential_customer",
}
HEADERS: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
