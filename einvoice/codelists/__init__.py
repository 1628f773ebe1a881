"""Code lists, each with document, version and date."""

from __future__ import annotations

#: UNTDID 1001 codes that make a document a credit note: those that the EN 16931 validation
#: artefacts 1.3.16 (2026-03-30) accept in a UBL CreditNote, BR-CL-01.
CREDIT_NOTE_TYPES = frozenset(
    ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532")
)

#: UNTDID 1001 codes of factored invoices and credit notes (French list of BT-3).
FACTORED_TYPES = frozenset(("393", "396", "501", "502", "472", "473"))

#: UNTDID 1001 codes of corrected invoices.
CORRECTED_TYPES = frozenset(("384", "471", "472", "473"))
