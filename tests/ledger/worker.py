"""A process that keeps invoices in a ledger: `python -m tests.ledger.worker PLACE NAME COUNT`.

It prints a line for each invoice that is kept: its number, and how many were like it.
"""

import sys

from einvoice.ledger import Ledger
from tests.examples import plain_invoice
from tests.ledger.test_ledger import seen


def main(place: str, name: str, count: str) -> None:
    """Keep invoices number 0 to COUNT."""
    with Ledger(place) as ledger:
        for number in range(int(count)):
            invoice = plain_invoice(number=f"N-{number}", buyer_reference=name)
            past = ledger.observe(seen(invoice, f"{name}/{number}.xml"))
            same = sum(each.print.number == f"N-{number}" for each in past.alike)
            print(number, same, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
