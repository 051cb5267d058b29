"""Swedish."""

LEAD_STATUS = {
    "open": "Öppen",
    "contacting": "Kontakt tas",
    "disqualified": "Diskvalificerad",
    "re_nurture": "Återbearbetning",
    "qualified": "Kvalificerad",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marknadsföringskvalificerad lead (MQL)",
    "opportunity": "Affärsmöjlighet",
    "lost_opportunity": "Förlorad möjlighet",
    "customer": "Kund",
    "partner": "Partner",
}
CATEGORY_ALIASES = {
    "Marknadsföringskvalificerad lead": "mql",
    "Marknadsföringskvalificerat lead": "mql",
}
GROUP = {
    "customer": "Kund",
    "potential_customer": "Potentiell kund",
    "partner": "Partner",
    "lost": "Förlorad",
    "other": "Annan",
}
HEADERS: dict[str, str] = {}
MESSAGES: dict[str, str] = {}
