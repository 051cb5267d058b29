"""German."""

from leadctl.labels import messages_de

LEAD_STATUS = {
    "open": "Offen",
    "contacting": "Kontaktaufnahme",
    "disqualified": "Disqualifiziert",
    "re_nurture": "Erneut bearbeiten",
    "qualified": "Qualifiziert",
}
LEAD_STATUS_DESCRIPTION = {
    "open": "Noch niemand aus dem Vertrieb hat Kontakt aufgenommen",
    "contacting": "Der Vertrieb versucht, die Person zu erreichen",
    "disqualified": "Erfüllt die Kriterien nicht; kein weiterer Kontakt",
    "re_nurture": "Nicht jetzt, vielleicht später; zurück an das Marketing",
    "qualified": "Alles ist da, um einen Verkauf zu beginnen",
}
CATEGORY = {
    "lead": "Lead",
    "mql": "Marketingqualifizierter Lead (MQL)",
    "opportunity": "Opportunity",
    "lost_opportunity": "Verlorene Opportunity",
    "customer": "Kunde",
    "partner": "Partner",
}
CATEGORY_DESCRIPTION = {
    "lead": "Erstes Interesse, noch kein Anzeichen einer Kaufabsicht",
    "mql": "Passt zum Zielprofil oder hat um mehr gebeten",
    "opportunity": "In einem aktiven Verkaufsprozess",
    "lost_opportunity": "Ein oder mehrere Verkäufe gingen verloren",
    "customer": "Kauft bei uns",
    "partner": "Arbeitet mit uns zusammen",
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
CYCLE = {"standard": "Standard"}
STAGE = {
    "initial": "Beginn",
    "qualification": "Qualifizierung",
    "presentation": "Präsentation",
    "proposal": "Angebot",
    "sign_contract": "Vertragsunterzeichnung",
}
CLOSE_CODE = {
    "won": "Gewonnen",
    "lost_price": "Am Preis gescheitert",
    "lost_competitor": "An einen Mitbewerber verloren",
    "lost_no_decision": "Keine Entscheidung",
}
STATUS = {
    "not_started": "Nicht begonnen",
    "in_progress": "In Bearbeitung",
    "won": "Gewonnen",
    "lost": "Verloren",
}
OUTCOME = {"won": "Gewonnen", "lost": "Verloren"}
ACTION = {
    "first": "Erste",
    "next": "Nächste",
    "previous": "Vorherige",
    "updated": "Aktualisiert",
    "jumped": "Gesprungen",
    "won": "Gewonnen",
    "lost": "Verloren",
    "reopened": "Wieder geöffnet",
}
METHOD = {
    "multiply": "Multiplizieren",
    "add": "Addieren",
    "chances": "Erfolgschance %",
    "completed": "Abgeschlossen %",
}
PRIORITY = {
    "low": "Niedrig",
    "normal": "Normal",
    "high": "Hoch",
}
CONTACT_TYPE = {
    "company": "Firma",
    "person": "Person",
}
QUOTE_STATUS = {
    "open": "Offen",
    "ordered": "Bestellt",
}
HEADERS = {
    "active": "Aktiv",
    "affected": "Betroffen",
    "at": "Zeitpunkt",
    "automation": "Automatisierung",
    "away": "Abwesend",
    "category": "Kategorie",
    "category_group": "Kategoriengruppe",
    "change": "Änderung",
    "changed": "Geändert",
    "changes": "Änderungen",
    "code": "Code",
    "column": "Spalte",
    "command": "Befehl",
    "companies": "Firmen",
    "company": "Firma",
    "company_id": "Firmen-ID",
    "count": "Anzahl",
    "country": "Land",
    "created": "Erstellt",
    "created_at": "Erstellt am",
    "deleted": "Gelöscht",
    "description": "Beschreibung",
    "dry_run": "Probelauf",
    "email": "E-Mail",
    "entity": "Art",
    "entity_id": "Datensatz",
    "exists": "Vorhanden",
    "external_id": "Externe ID",
    "extra": "Extra",
    "field": "Feld",
    "first_name": "Vorname",
    "first_touch": "Erster Kontakt",
    "form": "Formular",
    "group": "Gruppe",
    "has_company": "In einer Firma",
    "history": "Verlauf",
    "id": "ID",
    "is_customer": "Kunde?",
    "is_default": "Standard",
    "key": "Schlüssel",
    "last_name": "Nachname",
    "lead_creation": "Lead-Erstellung",
    "lead_status": "Lead-Status",
    "lead_status_active": "Gilt",
    "lead_status_description": "Beschreibung des Lead-Status",
    "lead_status_enabled": "Lead-Status aktiviert",
    "lead_status_reason": "Warum nicht",
    "line": "Zeile",
    "matched": "Gefunden",
    "message": "Meldung",
    "missing": "Fehlend",
    "name": "Name",
    "new": "Neu",
    "old": "Alt",
    "opportunities": "Opportunities",
    "origin": "Herkunft",
    "owner": "Unser Kontakt",
    "path": "Pfad",
    "people": "Personen",
    "phone": "Telefon",
    "problems": "Probleme",
    "problems_omitted": "Ausgelassene Probleme",
    "rank": "Reihenfolge",
    "reason": "Begründung",
    "records": "Datensätze",
    "refused": "Abgelehnt",
    "result": "Ergebnis",
    "retired": "Ausgeschieden",
    "skipped": "Übersprungen",
    "status_age": "Tage im Status",
    "status_since": "Status seit",
    "title": "Position",
    "unchanged": "Unverändert",
    "undoes": "Macht rückgängig",
    "undone_by": "Rückgängig durch",
    "updated_at": "Aktualisiert am",
    "user": "Benutzer",
    "value": "Wert",
    "website": "Website",
}
MESSAGES = messages_de.MESSAGES
