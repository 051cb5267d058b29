"""Danish."""

LEAD_STATUS = {
    "open": "Åben",
    "contacting": "Kontakter",
    "disqualified": "Diskvalificeret",
    "re_nurture": "Genoptag kontakt",
    "qualified": "Kvalificeret",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketingkvalificeret lead (MQL)",
    "opportunity": "Mulighed",
    "lost_opportunity": "Tabt mulighed",
    "customer": "Kunde",
    "partner": "Partner",
}
CATEGORY_ALIASES = {
    "Marketingkvalificeret lead": "mql",
    "Salgsmulighed": "opportunity",
}
GROUP = {
    "customer": "Kunde",
    "potential_customer": "Potentiel kunde",
    "partner": "Partner",
    "lost": "Tabt",
    "other": "Andet",
}
HEADERS: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
