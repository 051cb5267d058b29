"""The library in one minute: ``python examples/library.py FILE``.

Makes the file, adds a company with two people, qualifies them, and takes it back.
"""

import sys

from leadctl import LeadctlError, WriteOptions, init, open_crm


def main(path: str) -> None:
    """Run the example on a new file."""
    init(path)
    with open_crm(path, user="example") as crm:
        acme = crm.companies.add("Acme Corporation", category="lead")
        for name in ("Kari", "Ola"):
            person = crm.people.add(first_name=name, company=acme["id"])
            print(person["name"], person["lead_status"])

        dry = crm.people.set_status([1, 2], "qualified", WriteOptions(dry_run=True))
        print("would change", dry.changed)

        report = crm.people.set_status([1, 2], "qualified", WriteOptions(reason="trade fair"))
        print("changed", report.changed, "in change", report.change)

        crm.companies.set_category(acme["id"], "customer")
        try:
            crm.people.set_status(1, "contacting")
        except LeadctlError as error:
            print(error.code, error.details["reason"])

        crm.changes.undo("last")
        crm.changes.undo(report.change)
        for person in crm.people.list(fields=["name", "category", "lead_status"]):
            print(person)


if __name__ == "__main__":
    main(sys.argv[1])
