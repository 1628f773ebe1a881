"""What a syntax demands beyond EN 16931: filled by a named default, and always reported."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from einvoice.amounts import format_decimal
from einvoice.bindings.quirks import UNDEFINED_MEANS
from einvoice.bindings.ubl_extension import NO_LINE
from einvoice.bindings.ubl_quirks import NO_ORDER
from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.errors import ConversionRefused
from einvoice.model import Invoice, Line, PaymentInstructions


class Fill(msgspec.Struct, frozen=True, kw_only=True):
    """A value that the target demands and the source lacks."""

    path: str  #: in the model
    value: str
    reason: str


#: Changes an invoice so that the target can hold it, and says what was filled.
Default = Callable[[Invoice, list[Fill]], Invoice]


def order_for_sales_order(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """UBL: cac:OrderReference demands an order (BT-13) beside the sales order (BT-14)."""
    if invoice.sales_order_reference is None or invoice.purchase_order_reference is not None:
        return invoice
    reason = "UBL demands BT-13 beside BT-14; this is the usual placeholder"
    fills.append(Fill(path="purchase_order_reference", value=NO_ORDER, reason=reason))
    return replace(invoice, purchase_order_reference=NO_ORDER)


#: Dates of documents that UBL keeps with their number.
_DATED = {
    "purchase_order_date": "purchase_order_reference",
    "despatch_advice_date": "despatch_advice_reference",
    "receiving_advice_date": "receiving_advice_reference",
    "contract_date": "contract_reference",
    "contract_type": "contract_reference",
}


def number_for_dated_document(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """UBL: a document of which a date or type is known has a number."""
    extension = invoice.extension
    if extension is None:
        return invoice
    reason = "UBL demands the number of a document with a date; this is the usual placeholder"
    wanted = {_DATED[name] for name in _DATED if getattr(extension, name) is not None}
    for term in sorted(wanted):
        if getattr(invoice, term) is None:
            fills.append(Fill(path=term, value=NO_ORDER, reason=reason))
            invoice = replace(invoice, **{term: NO_ORDER})
    return invoice


def vat_total_for_breakdown(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """UBL: the VAT breakdown (BG-23) stands below the total VAT amount (BT-110)."""
    if invoice.totals.vat is not None or not invoice.vat_breakdown:
        return invoice
    total = sum((row.tax_amount or Decimal() for row in invoice.vat_breakdown), Decimal("0.00"))
    reason = "UBL demands BT-110 where there is a VAT breakdown; this is the sum of BT-117"
    fills.append(Fill(path="totals.vat", value=format_decimal(total), reason=reason))
    return replace(invoice, totals=replace(invoice.totals, vat=total))


def means_for_payment(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """UBL: all payment data, and the due date of a credit note, stand with a means code (BT-81)."""
    payment = invoice.payment or PaymentInstructions()
    due_in_means = invoice.due_date is not None and invoice.type_code in CREDIT_NOTE_TYPES
    if payment.means_code is not None or not (invoice.payment or due_in_means):
        return invoice
    if not due_in_means and _is_creditor_only(payment):
        return invoice
    reason = "UBL demands a payment means code here; 1 is 'instrument not defined' (UNTDID 4461)"
    fills.append(Fill(path="payment.means_code", value=UNDEFINED_MEANS, reason=reason))
    return replace(invoice, payment=replace(payment, means_code=UNDEFINED_MEANS))


def _is_creditor_only(payment: PaymentInstructions) -> bool:
    """Whether all there is is BT-90, which UBL keeps with the seller."""
    debit = payment.direct_debit
    if debit is None or debit.creditor_identifier is None:
        return False
    return payment == PaymentInstructions(
        direct_debit=type(debit)(creditor_identifier=debit.creditor_identifier)
    )


def discount_for_gross_price(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """UBL: a gross price (BT-148) is the base of a discount (BT-147)."""
    reason = "UBL demands BT-147 beside BT-148; this is BT-148 less BT-146"

    def change(line: Line) -> tuple[Line, str, Decimal] | None:
        price = line.price
        if price.gross is None or price.discount is not None:
            return None
        discount = price.gross - price.net if price.net is not None else Decimal(0)
        return replace(line, price=replace(price, discount=discount)), "discount", discount

    return _change_lines(invoice, change, reason, fills)


def line_for_document(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """UBL: a reference of a line to an order, despatch or receiving advice is to a line of it."""
    if not any(line.extension for line in invoice.lines):
        return invoice
    lines = tuple(_referring(n, line, fills) for n, line in enumerate(invoice.lines))
    return replace(invoice, lines=lines)


def _referring(number: int, line: Line, fills: list[Fill]) -> Line:
    reason = "UBL demands a line of the document that is referred to; this is the usual placeholder"
    extension = line.extension
    if extension is None:
        return line

    def fill(name: str) -> str:
        fills.append(Fill(path=f"lines[{number}].{name}", value=NO_LINE, reason=reason))
        return NO_LINE

    if extension.purchase_order_date and extension.purchase_order_reference is None:
        order = fill("extension.purchase_order_reference")
        extension = replace(extension, purchase_order_reference=order)
    sales_line = extension.sales_order is not None and extension.sales_order.line is not None
    if (extension.purchase_order_reference or sales_line) and line.order_line_reference is None:
        line = replace(line, order_line_reference=fill("order_line_reference"))
    for name in ("despatch_advice", "receiving_advice"):
        document = getattr(extension, name)
        if document is not None and document.line is None:
            whole = replace(document, line=fill(f"extension.{name}.line"))
            extension = replace(extension, **{name: whole})
    return replace(line, extension=extension)


def gross_price_for_discount(invoice: Invoice, fills: list[Fill]) -> Invoice:
    """CII: a discount (BT-147) is applied to a gross price (BT-148)."""
    reason = "CII demands BT-148 beside BT-147; this is BT-146 plus BT-147"

    def change(line: Line) -> tuple[Line, str, Decimal] | None:
        price = line.price
        if price.discount is None or price.gross is not None:
            return None
        gross = (price.net or Decimal(0)) + price.discount
        return replace(line, price=replace(price, gross=gross)), "gross", gross

    return _change_lines(invoice, change, reason, fills)


Change = Callable[[Line], "tuple[Line, str, Decimal] | None"]


def _change_lines(invoice: Invoice, change: Change, reason: str, fills: list[Fill]) -> Invoice:
    lines = []
    for number, line in enumerate(invoice.lines):
        changed = change(line)
        if changed is None:
            lines.append(line)
            continue
        new, name, value = changed
        path = f"lines[{number}].price.{name}"
        fills.append(Fill(path=path, value=format_decimal(value), reason=reason))
        lines.append(new)
    return replace(invoice, lines=tuple(lines)) if fills else invoice


UBL_DEFAULTS: tuple[Default, ...] = (
    order_for_sales_order,
    number_for_dated_document,
    vat_total_for_breakdown,
    means_for_payment,
    discount_for_gross_price,
    line_for_document,
)
CII_DEFAULTS: tuple[Default, ...] = (gross_price_for_discount,)


def fill(invoice: Invoice, defaults: tuple[Default, ...]) -> tuple[Invoice, tuple[Fill, ...]]:
    """Apply the defaults of a syntax."""
    fills: list[Fill] = []
    for default in defaults:
        invoice = default(invoice, fills)
    return invoice, tuple(fills)


def require_lines(invoice: Invoice, target: str) -> None:
    """Refuse an invoice without lines (MINIMUM, BASIC WL) where the schema demands one.

    Raises:
        ConversionRefused: there is no line.
    """
    if not invoice.lines:
        raise ConversionRefused(
            f"{target} demands at least one invoice line (BG-25), the source has none; a profile "
            "without lines, such as MINIMUM or BASIC WL, exists only in CII and Factur-X; the "
            "repair lines-from-breakdown makes lines of a VAT breakdown without allowances and "
            "charges",
            terms=("BG-25",),
        )
