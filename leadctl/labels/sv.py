"""Swedish."""

from leadctl.labels import messages_sv

LEAD_STATUS = {
    "open": "Öppen",
    "contacting": "Kontakt tas",
    "disqualified": "Diskvalificerad",
    "re_nurture": "Återbearbetning",
    "qualified": "Kvalificerad",
}
LEAD_STATUS_DESCRIPTION = {
    "open": "Ingen på säljavdelningen har tagit kontakt än",
    "contacting": "Säljavdelningen försöker nå personen",
    "disqualified": "Uppfyller inte kriterierna; ingen mer kontakt",
    "re_nurture": "Inte nu, kanske senare; tillbaka till marknadsföring",
    "qualified": "Allt som behövs för att starta en försäljning finns på plats",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marknadsföringskvalificerad lead (MQL)",
    "opportunity": "Affärsmöjlighet",
    "lost_opportunity": "Förlorad möjlighet",
    "customer": "Kund",
    "partner": "Partner",
}
CATEGORY_DESCRIPTION = {
    "lead": "Första intresset, inga tecken på köpvilja än",
    "mql": "Passar målprofilen eller har bett om mer",
    "opportunity": "I en aktiv säljprocess",
    "lost_opportunity": "En eller flera försäljningar förlorades",
    "customer": "Köper av oss",
    "partner": "Samarbetar med oss",
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
CYCLE = {"standard": "Standard"}
STAGE = {
    "initial": "Inledande",
    "qualification": "Kvalificering",
    "presentation": "Presentation",
    "proposal": "Offert",
    "sign_contract": "Avtalsskrivning",
}
CLOSE_CODE = {
    "won": "Vunnen",
    "lost_price": "Förlorad på pris",
    "lost_competitor": "Förlorad till en konkurrent",
    "lost_no_decision": "Inget beslut",
}
STATUS = {
    "not_started": "Inte påbörjad",
    "in_progress": "Pågår",
    "won": "Vunnen",
    "lost": "Förlorad",
}
OUTCOME = {"won": "Vunnen", "lost": "Förlorad"}
ACTION = {
    "first": "Första",
    "next": "Nästa",
    "previous": "Föregående",
    "updated": "Uppdaterad",
    "jumped": "Hoppad",
    "won": "Vunnen",
    "lost": "Förlorad",
    "reopened": "Återöppnad",
}
METHOD = {
    "multiply": "Multiplicera",
    "add": "Addera",
    "chances": "Chans att lyckas %",
    "completed": "Slutfört %",
}
PRIORITY = {
    "low": "Låg",
    "normal": "Normal",
    "high": "Hög",
}
CONTACT_TYPE = {
    "company": "Företag",
    "person": "Person",
}
QUOTE_STATUS = {
    "open": "Öppen",
    "ordered": "Beställd",
}
HEADERS = {
    "active": "Aktiv",
    "affected": "Berörda",
    "at": "Tidpunkt",
    "automation": "Automatisering",
    "away": "Frånvarande",
    "category": "Kategori",
    "category_group": "Kategorigrupp",
    "change": "Ändring",
    "changed": "Ändrade",
    "changes": "Ändringar",
    "code": "Kod",
    "column": "Kolumn",
    "command": "Kommando",
    "companies": "Företag",
    "company": "Företag",
    "company_id": "Företags-ID",
    "count": "Antal",
    "country": "Land",
    "created": "Skapad",
    "created_at": "Skapad den",
    "deleted": "Borttagen",
    "description": "Beskrivning",
    "dry_run": "Provkörning",
    "email": "E-post",
    "entity": "Typ",
    "entity_id": "Post",
    "exists": "Finns",
    "external_id": "Externt ID",
    "extra": "Extra",
    "field": "Fält",
    "first_name": "Förnamn",
    "first_touch": "Första kontakt",
    "form": "Formulär",
    "group": "Grupp",
    "has_company": "I ett företag",
    "history": "Historik",
    "id": "ID",
    "is_customer": "Kund?",
    "is_default": "Standard",
    "key": "Nyckel",
    "last_name": "Efternamn",
    "lead_creation": "Skapande av lead",
    "lead_status": "Leadstatus",
    "lead_status_active": "Gäller",
    "lead_status_description": "Beskrivning av leadstatus",
    "lead_status_enabled": "Leadstatus aktiverad",
    "lead_status_reason": "Varför inte",
    "line": "Rad",
    "matched": "Hittade",
    "message": "Meddelande",
    "missing": "Saknas",
    "name": "Namn",
    "new": "Ny",
    "old": "Gammal",
    "opportunities": "Affärsmöjligheter",
    "origin": "Ursprung",
    "owner": "Vår kontakt",
    "path": "Sökväg",
    "people": "Personer",
    "phone": "Telefon",
    "problems": "Problem",
    "problems_omitted": "Utelämnade problem",
    "rank": "Ordning",
    "reason": "Motivering",
    "records": "Poster",
    "refused": "Avvisade",
    "result": "Resultat",
    "retired": "Slutat",
    "skipped": "Överhoppade",
    "status_age": "Dagar i status",
    "status_since": "Status sedan",
    "title": "Titel",
    "unchanged": "Oförändrade",
    "undoes": "Ångrar",
    "undone_by": "Ångrad av",
    "updated_at": "Uppdaterad den",
    "user": "Användare",
    "value": "Värde",
    "website": "Webbplats",
}
MESSAGES = messages_sv.MESSAGES
