"""Dutch."""

from leadctl.labels import messages_nl

LEAD_STATUS = {
    "open": "Open",
    "contacting": "Contact opnemen",
    "disqualified": "Gediskwalificeerd",
    "re_nurture": "Opnieuw benaderen",
    "qualified": "Gekwalificeerd",
}
LEAD_STATUS_DESCRIPTION = {
    "open": "Nog niemand van verkoop heeft contact opgenomen",
    "contacting": "Verkoop probeert de persoon te bereiken",
    "disqualified": "Voldoet niet aan de criteria; geen verder contact",
    "re_nurture": "Niet nu, misschien later; terug naar marketing",
    "qualified": "Alles wat nodig is om een verkoop te starten, is er",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketinggekwalificeerde lead (MQL)",
    "opportunity": "Opportunity",
    "lost_opportunity": "Verloren opportunity",
    "customer": "Klant",
    "partner": "Partner",
}
CATEGORY_DESCRIPTION = {
    "lead": "Eerste interesse, nog geen teken van koopintentie",
    "mql": "Past bij het doelprofiel, of heeft om meer gevraagd",
    "opportunity": "In een actief verkoopproces",
    "lost_opportunity": "Een of meer verkopen zijn verloren gegaan",
    "customer": "Koopt bij ons",
    "partner": "Werkt met ons samen",
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
CYCLE = {"standard": "Standaard"}
STAGE = {
    "initial": "Eerste contact",
    "qualification": "Kwalificatie",
    "presentation": "Presentatie",
    "proposal": "Voorstel",
    "sign_contract": "Contract tekenen",
}
CLOSE_CODE = {
    "won": "Gewonnen",
    "lost_price": "Verloren op prijs",
    "lost_competitor": "Verloren aan een concurrent",
    "lost_no_decision": "Geen besluit",
}
STATUS = {
    "not_started": "Niet gestart",
    "in_progress": "In behandeling",
    "won": "Gewonnen",
    "lost": "Verloren",
}
OUTCOME = {"won": "Gewonnen", "lost": "Verloren"}
ACTION = {
    "first": "Eerste",
    "next": "Volgende",
    "previous": "Vorige",
    "updated": "Bijgewerkt",
    "jumped": "Gesprongen",
    "won": "Gewonnen",
    "lost": "Verloren",
    "reopened": "Heropend",
}
METHOD = {
    "multiply": "Vermenigvuldigen",
    "add": "Optellen",
    "chances": "Kans op succes %",
    "completed": "Voltooid %",
}
PRIORITY = {
    "low": "Laag",
    "normal": "Normaal",
    "high": "Hoog",
}
CONTACT_TYPE = {
    "company": "Bedrijf",
    "person": "Persoon",
}
QUOTE_STATUS = {
    "open": "Open",
    "ordered": "Besteld",
}
HEADERS = {
    "active": "Actief",
    "affected": "Betrokken",
    "at": "Tijdstip",
    "automation": "Automatisering",
    "away": "Afwezig",
    "category": "Categorie",
    "category_group": "Categoriegroep",
    "change": "Wijziging",
    "changed": "Gewijzigd",
    "changes": "Wijzigingen",
    "code": "Code",
    "column": "Kolom",
    "command": "Opdracht",
    "companies": "Bedrijven",
    "company": "Bedrijf",
    "company_id": "Bedrijfs-ID",
    "count": "Aantal",
    "country": "Land",
    "created": "Aangemaakt",
    "created_at": "Aangemaakt op",
    "deleted": "Verwijderd",
    "description": "Beschrijving",
    "dry_run": "Proefrun",
    "email": "E-mail",
    "entity": "Soort",
    "entity_id": "Record",
    "exists": "Bestaat",
    "external_id": "Externe ID",
    "extra": "Extra",
    "field": "Veld",
    "first_name": "Voornaam",
    "first_touch": "Eerste contact",
    "form": "Formulier",
    "group": "Groep",
    "has_company": "Bij een bedrijf",
    "history": "Geschiedenis",
    "id": "ID",
    "is_customer": "Klant?",
    "is_default": "Standaard",
    "key": "Sleutel",
    "last_name": "Achternaam",
    "lead_creation": "Aanmaak lead",
    "lead_status": "Leadstatus",
    "lead_status_active": "Van toepassing",
    "lead_status_description": "Beschrijving leadstatus",
    "lead_status_enabled": "Leadstatus ingeschakeld",
    "lead_status_reason": "Waarom niet",
    "line": "Regel",
    "matched": "Gevonden",
    "message": "Melding",
    "missing": "Ontbrekend",
    "name": "Naam",
    "new": "Nieuw",
    "old": "Oud",
    "opportunities": "Opportunities",
    "origin": "Herkomst",
    "owner": "Onze contactpersoon",
    "path": "Pad",
    "people": "Personen",
    "phone": "Telefoon",
    "problems": "Problemen",
    "problems_omitted": "Weggelaten problemen",
    "rank": "Volgorde",
    "reason": "Reden",
    "records": "Records",
    "refused": "Geweigerd",
    "result": "Resultaat",
    "retired": "Uit dienst",
    "skipped": "Overgeslagen",
    "status_age": "Dagen in status",
    "status_since": "Status sinds",
    "title": "Functie",
    "unchanged": "Ongewijzigd",
    "undoes": "Maakt ongedaan",
    "undone_by": "Ongedaan door",
    "updated_at": "Bijgewerkt op",
    "user": "Gebruiker",
    "value": "Waarde",
    "website": "Website",
}
MESSAGES = messages_nl.MESSAGES
