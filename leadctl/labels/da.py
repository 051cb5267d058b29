"""Danish."""

from leadctl.labels import messages_da

LEAD_STATUS = {
    "open": "Åben",
    "contacting": "Kontakter",
    "disqualified": "Diskvalificeret",
    "re_nurture": "Genoptag kontakt",
    "qualified": "Kvalificeret",
}
LEAD_STATUS_DESCRIPTION = {
    "open": "Ingen fra salg har været i kontakt endnu",
    "contacting": "Salg forsøger at få fat i personen",
    "disqualified": "Opfylder ikke kriterierne; ingen yderligere kontakt",
    "re_nurture": "Ikke nu, måske senere; tilbage til marketing",
    "qualified": "Alt, hvad der skal til for at starte et salg, er på plads",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketingkvalificeret lead (MQL)",
    "opportunity": "Mulighed",
    "lost_opportunity": "Tabt mulighed",
    "customer": "Kunde",
    "partner": "Partner",
}
CATEGORY_DESCRIPTION = {
    "lead": "Første interesse, endnu intet tegn på købslyst",
    "mql": "Passer til målprofilen eller har bedt om mere",
    "opportunity": "I en aktiv salgsproces",
    "lost_opportunity": "Et eller flere salg blev tabt",
    "customer": "Køber hos os",
    "partner": "Samarbejder med os",
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
CYCLE = {"standard": "Standard"}
STAGE = {
    "initial": "Indledende",
    "qualification": "Kvalificering",
    "presentation": "Præsentation",
    "proposal": "Tilbud",
    "sign_contract": "Kontraktunderskrivelse",
}
CLOSE_CODE = {
    "won": "Vundet",
    "lost_price": "Tabt på pris",
    "lost_competitor": "Tabt til en konkurrent",
    "lost_no_decision": "Ingen beslutning",
}
STATUS = {
    "not_started": "Ikke startet",
    "in_progress": "I gang",
    "won": "Vundet",
    "lost": "Tabt",
}
OUTCOME = {"won": "Vundet", "lost": "Tabt"}
ACTION = {
    "first": "Første",
    "next": "Næste",
    "previous": "Forrige",
    "updated": "Opdateret",
    "jumped": "Sprunget",
    "won": "Vundet",
    "lost": "Tabt",
    "reopened": "Genåbnet",
}
METHOD = {
    "multiply": "Gang",
    "add": "Læg sammen",
    "chances": "Chance for succes %",
    "completed": "Fuldført %",
}
PRIORITY = {
    "low": "Lav",
    "normal": "Normal",
    "high": "Høj",
}
CONTACT_TYPE = {
    "company": "Firma",
    "person": "Person",
}
QUOTE_STATUS = {
    "open": "Åbent",
    "ordered": "Bestilt",
}
HEADERS = {
    "active": "Aktiv",
    "affected": "Berørt",
    "at": "Tidspunkt",
    "automation": "Automatisering",
    "away": "Fraværende",
    "category": "Kategori",
    "category_group": "Kategorigruppe",
    "change": "Ændring",
    "changed": "Ændret",
    "changes": "Ændringer",
    "code": "Kode",
    "column": "Kolonne",
    "command": "Kommando",
    "companies": "Firmaer",
    "company": "Firma",
    "company_id": "Firma-ID",
    "count": "Antal",
    "country": "Land",
    "created": "Oprettet",
    "created_at": "Oprettet den",
    "deleted": "Slettet",
    "description": "Beskrivelse",
    "dry_run": "Prøvekørsel",
    "email": "E-mail",
    "entity": "Type",
    "entity_id": "Post",
    "exists": "Findes",
    "external_id": "Eksternt ID",
    "extra": "Ekstra",
    "field": "Felt",
    "first_name": "Fornavn",
    "first_touch": "Første kontakt",
    "form": "Formular",
    "group": "Gruppe",
    "has_company": "I et firma",
    "history": "Historik",
    "id": "ID",
    "is_customer": "Kunde?",
    "is_default": "Standard",
    "key": "Nøgle",
    "last_name": "Efternavn",
    "lead_creation": "Leadoprettelse",
    "lead_status": "Leadstatus",
    "lead_status_active": "Gælder",
    "lead_status_description": "Beskrivelse af leadstatus",
    "lead_status_enabled": "Leadstatus aktiveret",
    "lead_status_reason": "Hvorfor ikke",
    "line": "Linje",
    "matched": "Fundet",
    "message": "Meddelelse",
    "missing": "Mangler",
    "name": "Navn",
    "new": "Ny",
    "old": "Gammel",
    "opportunities": "Muligheder",
    "origin": "Oprindelse",
    "owner": "Vores kontakt",
    "path": "Sti",
    "people": "Personer",
    "phone": "Telefon",
    "problems": "Problemer",
    "problems_omitted": "Udeladte problemer",
    "rank": "Rækkefølge",
    "reason": "Begrundelse",
    "records": "Poster",
    "refused": "Afvist",
    "result": "Resultat",
    "retired": "Fratrådt",
    "skipped": "Sprunget over",
    "status_age": "Dage i status",
    "status_since": "Status siden",
    "title": "Titel",
    "unchanged": "Uændret",
    "undoes": "Fortryder",
    "undone_by": "Fortrudt af",
    "updated_at": "Opdateret den",
    "user": "Bruger",
    "value": "Værdi",
    "website": "Websted",
}
MESSAGES = messages_da.MESSAGES
