"""How the invoice is to be paid (BG-16 to BG-19)."""

from __future__ import annotations

from einvoice.model.values import Struct


class CreditTransfer(Struct, frozen=True):
    """An account to pay to (BG-17)."""

    account: str | None = None  #: BT-84, IBAN or national number
    account_name: str | None = None  #: BT-85
    provider: str | None = None  #: BT-86, BIC


class PaymentCard(Struct, frozen=True):
    """The card that was used (BG-18)."""

    number: str | None = None  #: BT-87, last digits only
    holder: str | None = None  #: BT-88
    network: str | None = None  #: of extensions, such as VISA


class DirectDebit(Struct, frozen=True):
    """A direct debit (BG-19)."""

    mandate_reference: str | None = None  #: BT-89
    creditor_identifier: str | None = None  #: BT-90
    debited_account: str | None = None  #: BT-91


class PaymentInstructions(Struct, frozen=True):
    """Payment instructions (BG-16)."""

    means_code: str | None = None  #: BT-81, UNTDID 4461
    means_text: str | None = None  #: BT-82
    remittance_information: str | None = None  #: BT-83
    credit_transfers: tuple[CreditTransfer, ...] = ()  #: BG-17
    card: PaymentCard | None = None  #: BG-18
    direct_debit: DirectDebit | None = None  #: BG-19
