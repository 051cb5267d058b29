"""Norwegian."""

from leadctl.labels import messages_no

LEAD_STATUS = {
    "open": "Åpen",
    "contacting": "Kontakter",
    "disqualified": "Diskvalifisert",
    "re_nurture": "Varmes opp igjen",
    "qualified": "Kvalifisert",
}
LEAD_STATUS_DESCRIPTION = {
    "open": "Ingen fra salg har vært i kontakt ennå",
    "contacting": "Salg prøver å få tak i personen",
    "disqualified": "Oppfyller ikke kriteriene; ingen videre kontakt",
    "re_nurture": "Ikke nå, kanskje senere; tilbake til markedsføring",
    "qualified": "Alt som trengs for å starte et salg, er på plass",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Markedsføringskvalifisert lead (MQL)",
    "opportunity": "Mulighet",
    "lost_opportunity": "Tapt mulighet",
    "customer": "Kunde",
    "partner": "Partner",
}
CATEGORY_DESCRIPTION = {
    "lead": "Første interesse, ennå ingen tegn til kjøpsvilje",
    "mql": "Passer til målprofilen, eller har bedt om mer",
    "opportunity": "I en aktiv salgsprosess",
    "lost_opportunity": "Ett eller flere salg ble tapt",
    "customer": "Kjøper hos oss",
    "partner": "Samarbeider med oss",
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
CYCLE = {"standard": "Standard"}
STAGE = {
    "initial": "Innledende",
    "qualification": "Kvalifisering",
    "presentation": "Presentasjon",
    "proposal": "Tilbud",
    "sign_contract": "Signering av kontrakt",
}
CLOSE_CODE = {
    "won": "Vunnet",
    "lost_price": "Tapt på pris",
    "lost_competitor": "Tapt til en konkurrent",
    "lost_no_decision": "Ingen beslutning",
}
STATUS = {
    "not_started": "Ikke startet",
    "in_progress": "Pågår",
    "won": "Vunnet",
    "lost": "Tapt",
}
OUTCOME = {"won": "Vunnet", "lost": "Tapt"}
ACTION = {
    "first": "Første",
    "next": "Neste",
    "previous": "Forrige",
    "updated": "Oppdatert",
    "jumped": "Hoppet",
    "won": "Vunnet",
    "lost": "Tapt",
    "reopened": "Gjenåpnet",
}
METHOD = {
    "multiply": "Multipliser",
    "add": "Legg sammen",
    "chances": "Sjanse for suksess %",
    "completed": "Fullført %",
}
PRIORITY = {
    "low": "Lav",
    "normal": "Normal",
    "high": "Høy",
}
CONTACT_TYPE = {
    "company": "Firma",
    "person": "Person",
}
QUOTE_STATUS = {
    "open": "Åpent",
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
    "change": "Endring",
    "changed": "Endret",
    "changes": "Endringer",
    "code": "Kode",
    "column": "Kolonne",
    "command": "Kommando",
    "companies": "Firmaer",
    "company": "Firma",
    "company_id": "Firma-ID",
    "count": "Antall",
    "country": "Land",
    "created": "Opprettet",
    "created_at": "Opprettet den",
    "deleted": "Slettet",
    "description": "Beskrivelse",
    "dry_run": "Prøvekjøring",
    "email": "E-post",
    "entity": "Type",
    "entity_id": "Post",
    "exists": "Finnes",
    "external_id": "Ekstern ID",
    "extra": "Ekstra",
    "field": "Felt",
    "first_name": "Fornavn",
    "first_touch": "Første kontakt",
    "form": "Skjema",
    "group": "Gruppe",
    "has_company": "I et firma",
    "history": "Historikk",
    "id": "ID",
    "is_customer": "Kunde?",
    "is_default": "Standard",
    "key": "Nøkkel",
    "last_name": "Etternavn",
    "lead_creation": "Leadopprettelse",
    "lead_status": "Leadstatus",
    "lead_status_active": "Gjelder",
    "lead_status_description": "Beskrivelse av leadstatus",
    "lead_status_enabled": "Leadstatus aktivert",
    "lead_status_reason": "Hvorfor ikke",
    "line": "Linje",
    "matched": "Funnet",
    "message": "Melding",
    "missing": "Mangler",
    "name": "Navn",
    "new": "Ny",
    "old": "Gammel",
    "opportunities": "Muligheter",
    "origin": "Opprinnelse",
    "owner": "Vår kontakt",
    "path": "Sti",
    "people": "Personer",
    "phone": "Telefon",
    "problems": "Problemer",
    "problems_omitted": "Utelatte problemer",
    "rank": "Rekkefølge",
    "reason": "Begrunnelse",
    "records": "Poster",
    "refused": "Avvist",
    "result": "Resultat",
    "retired": "Sluttet",
    "skipped": "Hoppet over",
    "status_age": "Dager i status",
    "status_since": "Status siden",
    "title": "Tittel",
    "unchanged": "Uendret",
    "undoes": "Angrer",
    "undone_by": "Angret av",
    "updated_at": "Oppdatert den",
    "user": "Bruker",
    "value": "Verdi",
    "website": "Nettsted",
}
MESSAGES = messages_no.MESSAGES
