"""The checks of VAT: rates by country and day, categories, reasons of exemption, amounts."""

from __future__ import annotations

from einvoice.checks import vat_amounts, vat_categories, vat_charged, vat_exemptions
from einvoice.checks.check import Check
from einvoice.findings import Severity

#: Reasons of a life-cycle status (AFNOR XP Z12-012).
_WRONG_RATE = "TX_TVA_ERR"
_WRONG_SUM = "CALCUL_ERR"
_WRONG_TOTAL = "MONTANTTOTAL_ERR"

CHECKS: tuple[Check, ...] = (
    Check(
        id="VAT-01",
        title="The VAT rate exists in the country of the seller's VAT number",
        severity=Severity.FATAL,
        run=vat_charged.rate_exists,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-02",
        title="The VAT rate is in force on the tax day",
        severity=Severity.WARNING,
        run=vat_charged.rate_in_force,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-03",
        title="Rates of a territory are charged there and only there",
        severity=Severity.WARNING,
        run=vat_charged.rate_of_territory,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-04",
        title="An intra-community supply (K) is between two member states",
        severity=Severity.WARNING,
        run=vat_categories.intra_community,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-05",
        title="Goods of an export (G) leave the EU",
        severity=Severity.WARNING,
        run=vat_categories.export,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-06",
        title="With reverse charge (AE), a buyer in another member state has a VAT number",
        severity=Severity.WARNING,
        run=vat_categories.reverse_charge,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-07",
        title="IGIC (L) and IPSI (M) are charged in their territories",
        severity=Severity.WARNING,
        run=vat_categories.spanish_territories,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-08",
        title="A supply between two member states is rarely outside the scope of VAT (O)",
        severity=Severity.INFORMATION,
        run=vat_categories.outside_scope,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-09",
        title="The reason of exemption (VATEX) is of its VAT category",
        severity=Severity.WARNING,
        run=vat_exemptions.reason_fits_category,
    ),
    Check(
        id="VAT-10",
        title="French reasons of exemption are of a French seller, and of the right document",
        severity=Severity.WARNING,
        run=vat_exemptions.reason_fits_document,
    ),
    Check(
        id="VAT-11",
        title="A seller with the French franchise charges no VAT",
        severity=Severity.FATAL,
        run=vat_exemptions.franchise_charges_no_vat,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-12",
        title="A seller with the French franchise has no lines at a rate (S)",
        severity=Severity.WARNING,
        run=vat_exemptions.franchise_has_no_taxed_lines,
        reason_code=_WRONG_RATE,
    ),
    Check(
        id="VAT-13",
        title="The VAT of each row of the breakdown is right to the cent",
        severity=Severity.WARNING,
        run=vat_amounts.tax_to_the_cent,
        reason_code=_WRONG_SUM,
    ),
    Check(
        id="VAT-14",
        title="The total of VAT is the sum of the breakdown",
        severity=Severity.WARNING,
        run=vat_amounts.sum_of_tax,
        reason_code=_WRONG_TOTAL,
    ),
)
