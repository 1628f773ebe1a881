"""A generated history of invoices from many sellers, with duplicates planted, and near misses.

Sellers have habits that look like duplicates and are none: subscriptions, daily deliveries of the
same goods, several contracts billed on one day, credit notes with new invoices after them. Each
document comes with what is planted in it; the same seed gives the same history.
"""

from __future__ import annotations

import hashlib
import heapq
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import msgspec
from msgspec.structs import replace

from einvoice.checks.fingerprint import fingerprint
from einvoice.checks.history import Sighted
from einvoice.model import (
    Address,
    Buyer,
    CreditTransfer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    Seller,
    Totals,
    VatBreakdown,
)

START = date(2023, 1, 2)
DAYS = 1390
BUYERS = tuple(
    Buyer(name=name, vat_identifier=vat, address=Address(country="FR"))
    for name, vat in (
        ("Groupe Hugo SA", "FR83404833048"),
        ("Hugo Logistique", "FR40303265045"),
        ("Hugo Services", "FR44732829320"),
    )
)


class Planted(msgspec.Struct, frozen=True):
    """A document of the history, and what it is."""

    invoice: Invoice
    sighted: Sighted
    kind: str = "ordinary"
    duplicate: bool = False


Rng = random.Random
Names = Iterator[int]
Made = Iterator[tuple[int, Planted]]  # each so many days later
Kind = Callable[[Planted, Rng, Names], Made]


def history(documents: int, duplicates: int, misses: int, seed: int = 1) -> Iterator[Planted]:
    """A history in the order of sight; so many documents that are not planted, and the planted."""
    rng = random.Random(seed)
    sellers = [_Seller(n, rng) for n in range(max(20, documents // 250))]
    streams = heapq.merge(*(s.documents() for s in sellers), key=lambda pair: pair[0])
    plan = _plan(documents, duplicates, misses, rng)
    waiting: list[tuple[date, int, Planted]] = []
    order = count()
    names = count(1)
    for number, (day, original) in enumerate(streams):
        if number >= documents:
            break
        while waiting and waiting[0][0] <= day:
            yield heapq.heappop(waiting)[2]
        ordinary = _seen(original, f"in/{next(names)}.xml")
        kind = plan.get(number)
        if kind and not original.preceding_invoices and original.type_code == "380":
            for later, planted in kind(ordinary, rng, names):
                heapq.heappush(waiting, (day + timedelta(later), next(order), planted))
            refused = kind is _sent_again
            ordinary = replace(ordinary, sighted=replace(ordinary.sighted, invalid=refused))
        yield ordinary
    while waiting:
        yield heapq.heappop(waiting)[2]


def _plan(documents: int, duplicates: int, misses: int, rng: Rng) -> dict[int, Kind]:
    """Which documents something is planted after; some are no invoice, so a few more than asked."""
    wanted = [DUPLICATES[n % len(DUPLICATES)] for n in range(duplicates)]
    wanted += [MISSES[n % len(MISSES)] for n in range(misses)]
    places = rng.sample(range(documents // 10, documents), len(wanted))
    return dict(zip(places, wanted, strict=True))


def _seen(invoice: Invoice, name: str) -> Planted:
    digest = hashlib.sha256(msgspec.json.encode(invoice)).hexdigest()
    return Planted(invoice, Sighted(print=fingerprint(invoice), digest=digest, name=name))


def _siren(rng: Rng) -> str:
    """Eight digits and the key after Luhn."""
    digits = [rng.randint(3, 9), *(rng.randint(0, 9) for _ in range(7))]
    total = sum(sum(divmod(2 * d, 10)) if n % 2 else d for n, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def _iban(rng: Rng) -> str:
    """A Belgian one: three parts and two keys."""
    body = f"{rng.randint(100, 999)}{rng.randint(0, 10**7 - 1):07d}"
    body += f"{int(body) % 97 or 97:02d}"
    return f"BE{98 - int(body + '111400') % 97:02d}{body}"


NUMBERS: tuple[Callable[[date, int], str], ...] = (
    lambda day, n: f"{day.year}-{n:05d}",
    lambda day, n: f"F/{day:%y}/{n}",
    lambda day, n: f"RE-{n:06d}",
    lambda day, n: str(100000 + n),
    lambda day, n: f"FO{day:%Y%m}.{n:04d}",
)


class _Seller:
    """A firm with its habits."""

    def __init__(self, number: int, rng: Rng) -> None:
        self.rng = random.Random(rng.random())
        siren = _siren(self.rng)
        self.party = Seller(
            name=f"Fournisseur {number}",
            vat_identifier=f"FR{(12 + 3 * int(siren)) % 97:02d}{siren}",
            legal_registration=Identifier(value=siren, scheme="0002"),
            address=Address(country="FR", post_code=f"{self.rng.randint(10000, 95999)}"),
        )
        self.account = _iban(self.rng)
        self.form = self.rng.choice(NUMBERS)
        self.size = Decimal(self.rng.choice((20, 150, 900, 4000)))
        self.used = self.rng.randint(1, 4000)
        habits = (self._any, self._any, self._subscription, self._daily, self._contracts)
        self.habit = habits[number % len(habits)]

    def documents(self) -> Iterator[tuple[date, Invoice]]:
        """Its invoices by day, credit notes among them."""
        day = START + timedelta(self.rng.randint(0, 30))
        while day < START + timedelta(DAYS):
            for invoice in self.habit(day):
                yield day, invoice
                if self.rng.random() < 0.01:
                    yield from self._undone(invoice, day)
            day += timedelta(self.rng.randint(1, 6) if self.habit != self._subscription else 30)

    def _undone(self, invoice: Invoice, day: date) -> Iterator[tuple[date, Invoice]]:
        yield day, self._credit(invoice, day)
        if self.rng.random() < 0.5:
            yield day, replace(invoice, number=self._number(day), issue_date=day)

    def _credit(self, invoice: Invoice, day: date) -> Invoice:
        preceding = (PrecedingInvoice(number=invoice.number, issue_date=invoice.issue_date),)
        return replace(
            invoice,
            number=self._number(day),
            issue_date=day,
            type_code="381",
            preceding_invoices=preceding,
        )

    def _number(self, day: date) -> str:
        self.used += self.rng.randint(1, 9)
        return self.form(day, self.used)

    def _any(self, day: date) -> Iterator[Invoice]:
        names = self.rng.sample(("Vis", "Écrous", "Tôle", "Peinture", "Transport", "Colle"), 3)
        rows = []
        for name in names:
            quantity = Decimal(self.rng.randint(1, 40))
            price = (self.size * Decimal(self.rng.lognormvariate(0, 0.6))).quantize(Decimal("0.01"))
            rows.append((name, quantity, price))
        order = f"PO{self.rng.randint(1000, 9999)}" if self.rng.random() < 0.5 else None
        sent = Delivery(actual_date=day - timedelta(1)) if self.rng.random() < 0.5 else None
        yield self._invoice(day, rows, purchase_order_reference=order, delivery=sent)

    def _subscription(self, day: date) -> Iterator[Invoice]:
        period = Period(start=day.replace(day=1), end=day) if self.used % 2 else None
        delivery = Delivery(period=period) if period else None
        buyers = BUYERS if self.used % 3 else BUYERS[:1]
        for buyer in buyers:
            rows = [("Maintenance", Decimal(1), self.size)]
            yield self._invoice(day, rows, buyer, delivery=delivery, contract_reference="C-77")

    def _daily(self, day: date) -> Iterator[Invoice]:
        rows = [("Pain", Decimal(20), Decimal("1.10")), ("Lait", Decimal(6), Decimal("0.98"))]
        note = f"BL{self.rng.randint(10000, 99999)}" if self.used % 2 else None
        yield self._invoice(day, rows, BUYERS[0], despatch_advice_reference=note)

    def _contracts(self, day: date) -> Iterator[Invoice]:
        for line in range(3):
            meter = Identifier(value=f"0612345{line:02d}{self.used % 7}")
            rows = [("Forfait", Decimal(1), Decimal("39.99"))]
            yield self._invoice(day, rows, BUYERS[0], invoiced_object=meter)

    def _invoice(
        self,
        day: date,
        rows: list[tuple[str, Decimal, Decimal]],
        buyer: Buyer | None = None,
        **more: object,
    ) -> Invoice:
        lines = tuple(
            Line(
                identifier=str(n),
                quantity=quantity,
                unit="C62",
                net_amount=(quantity * price).quantize(Decimal("0.01")),
                price=Price(net=price),
                item=Item(name=name),
            )
            for n, (name, quantity, price) in enumerate(rows, 1)
        )
        net = sum((line.net_amount or Decimal() for line in lines), Decimal())
        vat = (net * Decimal("0.2")).quantize(Decimal("0.01"))
        row = VatBreakdown(taxable_amount=net, tax_amount=vat, category="S", rate=Decimal(20))
        invoice = Invoice(
            number=self._number(day),
            issue_date=day,
            due_date=day + timedelta(30),
            type_code="380",
            currency="EUR",
            seller=self.party,
            buyer=buyer or self.rng.choice(BUYERS),
            lines=lines,
            totals=Totals(line_net=net, without_vat=net, vat=vat, with_vat=net + vat),
            vat_breakdown=(row,),
            payment=PaymentInstructions(
                means_code="58", credit_transfers=(CreditTransfer(account=self.account),)
            ),
        )
        return replace(invoice, **more)


def _planted(
    kind: str, invoice: Invoice, names: Iterator[int], *, duplicate: bool = True
) -> Planted:
    return replace(_seen(invoice, f"in/{next(names)}.xml"), kind=kind, duplicate=duplicate)


# Duplicates: each makes of a document one that is it again, some days later.


def _resent(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    again = replace(first.sighted, name=f"mail/{next(names)}.xml")
    yield rng.randint(0, 90), Planted(first.invoice, again, "resent", duplicate=True)


def _other_syntax(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    again = replace(first.invoice, buyer_reference="other syntax")
    yield rng.randint(0, 90), _planted("exact, other syntax", again, names)


def _other_identifier(
    first: Planted, rng: Rng, names: Iterator[int]
) -> Iterator[tuple[int, Planted]]:
    siren = first.invoice.seller.legal_registration
    assert siren is not None
    seller = Seller(
        name="Le " + (first.invoice.seller.name or ""),
        legal_registration=Identifier(value=siren.value + "00018", scheme="0009"),
    )
    again = replace(first.invoice, seller=seller, lines=())
    yield rng.randint(0, 30), _planted("exact, by SIRET, no lines", again, names)


def _same_number_credit(
    first: Planted, rng: Rng, names: Iterator[int]
) -> Iterator[tuple[int, Planted]]:
    again = replace(first.invoice, type_code="381")
    yield rng.randint(0, 10), _planted("exact, as a credit note", again, names)


def _renumbered(kind: str, change: Callable[[str, Rng], str]) -> Kind:
    def make(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
        number = change(first.invoice.number or "", rng)
        if number == first.invoice.number:
            number = f"{number}."
        yield rng.randint(0, 40), _planted(kind, replace(first.invoice, number=number), names)

    return make


def _separators(number: str, rng: Rng) -> str:
    return "".join(rng.choice((" ", "", "_")) if c in "-/." else c for c in number).strip()


def _letters(number: str, rng: Rng) -> str:
    return number.replace("0", "O").replace("1", "I").lower()


def _zeros(number: str, rng: Rng) -> str:
    head, point, tail = number.rpartition("-")
    return f"{head}{point}{tail.lstrip('0')}" if point else f"00{number}"


def _typo(number: str, rng: Rng) -> str:
    place = rng.randrange(1, len(number) - 1)
    if number[place] == number[place + 1] or rng.random() < 0.5:
        return number[:place] + number[place + 1 :]
    swapped = number[place + 1] + number[place]
    return number[:place] + swapped + number[place + 2 :]


def _digit(number: str, rng: Rng) -> str:
    place = max(n for n, c in enumerate(number) if c.isdigit())
    return number[:place] + str((int(number[place]) + 5) % 10) + number[place + 1 :]


def _rebilled(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    """Another number on the same day."""
    again = replace(first.invoice, number=f"DUP-{rng.randint(10000, 99999)}")
    yield rng.randint(0, 40), _planted("same content, same day", again, names)


def _redelivered(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    """The same delivery under another number on another day; the delivery is named both times."""
    issued = first.invoice.issue_date
    assert issued is not None
    if not first.invoice.delivery and not first.invoice.despatch_advice_reference:
        yield from _rebilled(first, rng, names)
        return
    later = rng.randint(8, 200)
    again = replace(
        first.invoice,
        number=f"NEW-{rng.randint(10000, 99999)}",
        issue_date=issued + timedelta(later),
    )
    yield later, _planted("same delivery, other day", again, names)


def _credited_twice(
    first: Planted, rng: Rng, names: Iterator[int]
) -> Iterator[tuple[int, Planted]]:
    preceding = (PrecedingInvoice(number=first.invoice.number),)
    note = replace(
        first.invoice,
        number=f"AV-{rng.randint(10000, 99999)}",
        type_code="381",
        preceding_invoices=preceding,
    )
    yield 3, _planted("credit note", note, names, duplicate=False)
    again = replace(note, number=f"AV-{rng.randint(100000, 999999)}")
    yield rng.randint(4, 90), _planted("credited twice", again, names)


def _two_sellers(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    """The supplier is in the books twice, with nothing but the name in common."""
    seller = Seller(name=first.invoice.seller.name, address=Address(country="BE"))
    again = replace(first.invoice, seller=seller)
    yield rng.randint(0, 40), _planted("two sellers, one name", again, names)


def _two_names(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    seller = Seller(name="Vauban Sarl", vat_identifier=f"DE{rng.randint(10**8, 10**9 - 1)}")
    again = replace(first.invoice, seller=seller)
    yield rng.randint(0, 40), _planted("two sellers, one account", again, names)


def _wrong_type(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    """A credit note that was sent with the type of an invoice."""
    preceding = (PrecedingInvoice(number=first.invoice.number),)
    issued = first.invoice.issue_date
    assert issued is not None
    again = replace(
        first.invoice,
        number=f"AV-{rng.randint(10000, 99999)}",
        preceding_invoices=preceding,
        issue_date=issued + timedelta(5),
    )
    yield 5, _planted("credit note typed as an invoice", again, names)


def _unnamed_credit(
    first: Planted, rng: Rng, names: Iterator[int]
) -> Iterator[tuple[int, Planted]]:
    again = replace(first.invoice, number=f"X{rng.randint(10000, 99999)}", type_code="381")
    yield 0, _planted("invoice typed as a credit note", again, names)


DUPLICATES: tuple[Kind, ...] = (
    _resent,
    _other_syntax,
    _other_identifier,
    _same_number_credit,
    _renumbered("other separators", _separators),
    _renumbered("letters for digits", _letters),
    _renumbered("other zeros", _zeros),
    _renumbered("a slip", _typo),
    _renumbered("one digit", _digit),
    _rebilled,
    _redelivered,
    _credited_twice,
    _two_sellers,
    _two_names,
    _wrong_type,
    _unnamed_credit,
)

# Near misses: each looks like a duplicate, and is none.


Change = Callable[[Invoice, Rng], dict[str, object]]


def _miss(kind: str, change: Callable[[Invoice, Rng], dict[str, object]], later: int = 1) -> Kind:
    def make(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
        other = replace(first.invoice, **change(first.invoice, rng))
        yield later, _planted(kind, other, names, duplicate=False)

    return make


def _fresh(rng: Rng) -> str:
    return f"N{rng.randint(10**7, 10**8 - 1)}"


def _day(invoice: Invoice, days: int) -> date:
    assert invoice.issue_date is not None
    return invoice.issue_date + timedelta(days)


def _sent_again(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    """The first one was refused by the official rules, so it came again, put right."""
    again = replace(first.invoice, buyer_reference="put right")
    yield 2, _planted("sent again after a refusal", again, names, duplicate=False)


def _reissued(first: Planted, rng: Rng, names: Iterator[int]) -> Iterator[tuple[int, Planted]]:
    preceding = (PrecedingInvoice(number=first.invoice.number),)
    note = replace(first.invoice, number=_fresh(rng), type_code="381", preceding_invoices=preceding)
    yield 1, _planted("full credit note", note, names, duplicate=False)
    again = replace(first.invoice, number=_fresh(rng))
    yield 2, _planted("new invoice after a credit note", again, names, duplicate=False)


def _another_seller(invoice: Invoice, rng: Rng) -> dict[str, object]:
    siren = _siren(rng)
    seller = Seller(name=f"Autre {siren}", vat_identifier=f"FR00{siren}")
    account = CreditTransfer(account=_iban(rng))
    lines = tuple(replace(line, item=Item(name="Autre chose")) for line in invoice.lines)
    return {
        "seller": seller,
        "lines": lines,
        "payment": PaymentInstructions(credit_transfers=(account,)),
    }


def _month_later(first: Planted, rng: Rng, names: Names) -> Made:
    """The next one of a subscription; where the same is sold each day, a month says nothing."""
    if first.invoice.lines[0].item.name in ("Pain", "Forfait"):
        return
    changes = {"number": _fresh(rng), "issue_date": _day(first.invoice, 31), "delivery": None}
    other = replace(first.invoice, **changes)
    yield 31, _planted("a month later", other, names, duplicate=False)


MISSES: tuple[Kind, ...] = (
    _sent_again,
    _reissued,
    _miss("the number of last year", lambda i, r: {"issue_date": _day(i, 370)}, 370),
    _miss(
        "corrected under its number",
        lambda i, r: {
            "type_code": "384",
            "preceding_invoices": (PrecedingInvoice(number=i.number),),
        },
    ),
    _miss(
        "another buyer",
        lambda i, r: {"number": _fresh(r), "buyer": next(b for b in BUYERS if b != i.buyer)},
    ),
    _miss(
        "another order",
        lambda i, r: {
            "number": _fresh(r),
            "purchase_order_reference": _fresh(r),
            "despatch_advice_reference": _fresh(r),
            "lines": tuple(
                replace(line, item=Item(name=f"{line.item.name} B")) for line in i.lines
            ),
        },
    ),
    _month_later,
    _miss("another seller with the number", _another_seller),
    _miss(
        "a number of the same digits",
        lambda i, r: {
            "number": f"9{i.number}",
            "issue_date": _day(i, 9),
            "delivery": None,
            "lines": tuple(
                replace(line, item=Item(name=f"{line.item.name} B")) for line in i.lines
            ),
        },
    ),
)
