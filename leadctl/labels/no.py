"""Norwegian."""

LEAD_STATUS = {
    "open": "Åpen",
    "contacting": "Kontakter",
    "disqualified": "Diskvalifisert",
    "re_nurture": "Varmes opp igjen",
    "qualified": "Kvalifisert",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Markedsføringskvalifisert lead (MQL)",
    "opportunity": "Mulighet",
    "lost_opportunity": "Tapt mulighet",
    "customer": "Kunde",
    "partner": "Partner",
}
CATEGORY_ALIASES = {
    "Marketingkvalifisert lead": "mql",
    "Markedsføringskvalifisert lead": "mql",
    "Salgsmulighet": "opportunity",
}
GROUP = {
    "customer": "Kunde",
    "potential_customer": "Potensiell kunde",
    "partner": "Partner",
    "lost": "Tapt",
    "other": "Annet",
}
HEADERS: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
