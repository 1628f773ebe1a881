"""The checks of VAT: each with what breaks it, what passes, and its borders."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from einvoice.checks.check import Observation, Sight
from einvoice.checks.vat import CHECKS
from einvoice.findings import Severity
from einvoice.model import (
    Address,
    AllowanceCharge,
    Buyer,
    Delivery,
    Identifier,
    Invoice,
    Line,
    LineVat,
    Note,
    Period,
    PrecedingInvoice,
    Seller,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)
from einvoice.model.lines import LineExtension
from tests.examples import plain_invoice

TODAY = date(2026, 11, 24)
D = Decimal
Found = list[tuple[str, Severity]]


def observed(invoice: Invoice, *ids: str) -> Iterator[tuple[str, Severity, Observation]]:
    sight = Sight(invoice=invoice, today=TODAY)
    for check in CHECKS:
        if not ids or check.id in ids:
            for found in check.run(sight):
                yield check.id, found.severity or check.severity, found


def found(invoice: Invoice, *ids: str) -> Found:
    return [(name, severity) for name, severity, _ in observed(invoice, *ids)]


def message(invoice: Invoice, check: str) -> str:
    (one,) = (observation.message for _, _, observation in observed(invoice, check))
    return one


def fatal(check: str) -> Found:
    return [(check, Severity.FATAL)]


def warning(check: str) -> Found:
    return [(check, Severity.WARNING)]


def information(check: str) -> Found:
    return [(check, Severity.INFORMATION)]


def row(rate: str | None = "20", category: str = "S", base: str = "200.00", **more: Any) -> Any:
    tax = D(base) * D(rate or 0) / 100
    values = {"taxable_amount": D(base), "tax_amount": tax.quantize(D("0.01")), **more}
    return VatBreakdown(category=category, rate=None if rate is None else D(rate), **values)


def at(rate: str | None = "20", category: str = "S", **changes: Any) -> Invoice:
    """The plain invoice at another rate and category."""
    vat = row(rate, category)
    line = msgspec.structs.replace(
        plain_invoice().lines[0], vat=LineVat(category=category, rate=vat.rate)
    )
    values = {
        "lines": (line,),
        "vat_breakdown": (vat,),
        "totals": Totals(vat=vat.tax_amount),
        **changes,
    }
    return plain_invoice(**values)


def seller(vat: str | None, country: str = "FR", post_code: str | None = "59000") -> Seller:
    return Seller(
        name="Atelier Vauban",
        vat_identifier=vat,
        address=Address(country=country, post_code=post_code),
    )


def buyer(vat: str | None, country: str = "DE", post_code: str | None = "24103") -> Buyer:
    return Buyer(vat_identifier=vat, address=Address(country=country, post_code=post_code))


def to(country: str, post_code: str | None = None) -> Delivery:
    return Delivery(address=Address(country=country, post_code=post_code))


RATES = ("VAT-01", "VAT-02", "VAT-03")
DE = {"seller": seller("DE123456789", "DE", "24103")}
RO = {"seller": seller("RO123456789", "RO"), "buyer": buyer("RO987654321", "RO")}
FRENCH_BUYER = {"buyer": buyer("FR40303265045", "FR", "69001")}


def test_the_plain_invoice_passes() -> None:
    assert found(plain_invoice()) == []


def test_ids_are_in_order_and_unique() -> None:
    assert [check.id for check in CHECKS] == [f"VAT-{n:02}" for n in range(1, len(CHECKS) + 1)]


class TestRateExists:
    def test_unknown_rate_is_fatal(self) -> None:
        assert found(at("18", **FRENCH_BUYER), *RATES) == fatal("VAT-01")
        assert message(at("18", **FRENCH_BUYER), "VAT-01") == (
            "BT-119 is 18 %, no rate of FR, whose VAT number the seller has; "
            "on 2026-10-05 (BT-2) FR has 20, 10, 5.5 or 2.1 %."
        )

    @pytest.mark.parametrize("rate", ["20", "20.00", "10", "5.5", "2.1"])
    def test_rates_of_the_country(self, rate: str) -> None:
        assert found(at(rate), *RATES) == []

    def test_the_number_counts_and_not_the_address(self) -> None:
        foreign = seller("DE123456789", "FR")
        assert found(at("7", seller=foreign), *RATES) == []
        assert found(at("5.5", seller=foreign, **FRENCH_BUYER), *RATES) == []  # farming
        assert found(at("10", seller=foreign, **FRENCH_BUYER), *RATES) == information("VAT-01")

    def test_number_of_the_tax_representative(self) -> None:
        agent = TaxRepresentative(vat_identifier="IT12345670017")
        assert found(at("22", **FRENCH_BUYER), *RATES) == fatal("VAT-01")
        assert found(at("22", tax_representative=agent, **FRENCH_BUYER), *RATES) == []

    def test_without_number_the_address_counts(self) -> None:
        assert found(at("19", seller=seller(None, "DE")), *RATES) == []
        assert found(at("18", seller=seller(None, "DE")), *RATES) == fatal("VAT-01")

    def test_distance_sale_has_the_rate_of_the_customer(self) -> None:
        consumer, firm = buyer(None, "HU"), buyer("HU12345676", "HU")
        assert found(at("27", buyer=consumer), *RATES) == []
        assert found(at("27", buyer=firm), *RATES) == warning("VAT-01")
        registered = msgspec.structs.replace(consumer, legal_registration=Identifier(value="1"))
        assert found(at("27", buyer=registered), *RATES) == warning("VAT-01")
        assert found(at("27", seller=seller("EU372000041", "US"), buyer=consumer), *RATES) == []

    def test_country_that_is_not_known(self) -> None:
        assert found(at("18", seller=seller("RS123456789", "RS")), *RATES) == []

    def test_split_payment_has_rates_too(self) -> None:
        italian = {"seller": seller("IT12345670017", "IT"), "buyer": buyer("IT1", "IT")}
        assert found(at("22", "B", **italian), *RATES) == []
        assert found(at("23", "B", **italian), *RATES) == fatal("VAT-01")


class TestRateInForce:
    @pytest.mark.parametrize(
        ("rate", "day", "right"),
        [
            ("19", "2025-07-31", True),
            ("21", "2025-07-31", False),
            ("19", "2025-08-01", False),
            ("21", "2025-08-01", True),
        ],
    )
    def test_the_day_of_a_change(self, rate: str, day: str, right: bool) -> None:
        invoice = at(rate, issue_date=date.fromisoformat(day), **RO)
        assert found(invoice, *RATES) == ([] if right else warning("VAT-02"))

    def test_old_french_rate(self) -> None:
        assert found(at("19.6"), *RATES) == warning("VAT-02")
        assert message(at("19.6"), "VAT-02") == (
            "BT-119 is 19.6 %, a rate of FR from 2000-04-01 until 2013-12-31; "
            "on 2026-10-05 (BT-2) FR has 20, 10, 5.5 or 2.1 %."
        )

    def test_temporary_german_rate(self) -> None:
        assert found(at("16", issue_date=date(2020, 12, 31), **DE), *RATES) == []
        assert found(at("16", issue_date=date(2021, 1, 1), **DE), *RATES) == warning("VAT-02")
        assert found(at("19", issue_date=date(2020, 7, 1), **DE), *RATES) == warning("VAT-02")

    def test_tax_point_before_delivery_before_period_before_issue(self) -> None:
        old, new = date(2025, 7, 31), date(2025, 8, 1)
        changes: dict[str, Any] = {"issue_date": new, **RO}
        assert found(at("19", **changes), *RATES) == warning("VAT-02")
        changes["delivery"] = Delivery(period=Period(end=old))
        assert found(at("19", **changes), *RATES) == []
        changes["delivery"] = Delivery(actual_date=new, period=Period(end=old))
        assert found(at("19", **changes), *RATES) == warning("VAT-02")
        changes["tax_point_date"] = old
        assert found(at("19", **changes), *RATES) == []
        changes["tax_point_date"], changes["delivery"] = new, Delivery(actual_date=old)
        assert found(at("19", **changes), *RATES) == warning("VAT-02")

    def test_period_of_a_line(self) -> None:
        invoice = at("19", issue_date=date(2025, 9, 1), **RO)
        line = msgspec.structs.replace(invoice.lines[0], period=Period(end=date(2025, 7, 31)))
        changed = msgspec.structs.replace(invoice, lines=(line,))
        assert found(changed, *RATES) == []
        other = msgspec.structs.replace(line, vat=LineVat(category="S", rate=D(11)))
        changed = msgspec.structs.replace(invoice, lines=(other,))
        assert found(changed, *RATES) == warning("VAT-02")

    def test_a_period_over_the_change_may_be_charged_in_parts(self) -> None:
        over = Delivery(period=Period(start=date(2025, 7, 1), end=date(2025, 8, 31)))
        invoice = at("19", issue_date=date(2025, 9, 1), delivery=over, **RO)
        assert found(invoice, *RATES) == []

    @pytest.mark.parametrize("type_code", ["384", "381", "386", "261"])
    def test_corrections_keep_the_rate_of_the_earlier_invoice(self, type_code: str) -> None:
        issued = {"issue_date": date(2025, 9, 1), **RO}
        before, after = (
            (PrecedingInvoice(number="1", issue_date=day),)
            for day in (date(2025, 7, 31), date(2025, 8, 1))
        )
        assert found(at("19", type_code="380", preceding_invoices=before, **issued), *RATES)
        assert not found(at("19", type_code=type_code, preceding_invoices=before, **issued), *RATES)
        assert found(at("19", type_code=type_code, preceding_invoices=after, **issued), *RATES)
        undated = (PrecedingInvoice(number="1"),)
        assert not found(
            at("19", type_code=type_code, preceding_invoices=undated, **issued), *RATES
        )
        assert found(at("18", type_code=type_code, preceding_invoices=before, **issued), *RATES)

    def test_settled_advance_keeps_its_rate(self) -> None:
        back = row("19", base="-100.00")
        invoice = at("21", vat_breakdown=(row("21"), back), issue_date=date(2025, 9, 1), **RO)
        assert found(invoice, *RATES) == []

    def test_vat_by_payment_may_have_the_rate_of_the_invoice(self) -> None:
        delivered = Delivery(actual_date=date(2025, 7, 31))
        invoice = at("21", delivery=delivered, issue_date=date(2025, 8, 1), **RO)
        assert found(invoice, *RATES) == warning("VAT-02")
        by_payment = msgspec.structs.replace(invoice, tax_point_date_code="432")
        assert found(by_payment, *RATES) == []

    def test_days_before_the_table_are_not_judged(self) -> None:
        assert found(at("18", issue_date=date(2014, 12, 31)), *RATES) == []
        assert found(at("18", issue_date=date(2015, 1, 1)), *RATES) == fatal("VAT-01")

    def test_leap_day(self) -> None:
        finnish = seller("FI12345671", "FI", "00100")
        assert found(at("24", seller=finnish, issue_date=date(2024, 2, 29)), *RATES) == []


class TestTerritories:
    def places(self, rate: str, here: str | None, there: str | None, **more: Any) -> Found:
        parties = {"seller": seller("FR83404833048", "FR", here), "buyer": buyer(None, "FR", there)}
        return found(at(rate, **parties, **more), *RATES)

    def test_overseas_rate_on_the_mainland(self) -> None:
        assert self.places("8.5", "59000", "75001") == warning("VAT-03")
        assert self.places("8.5", "97400", "75001") == []
        assert self.places("8.5", "75001", "97100") == []
        assert self.places("8.5", "75001", None) == []

    def test_mainland_rate_overseas(self) -> None:
        assert self.places("20", "97400", "97410") == warning("VAT-03")
        assert self.places("8.5", "97400", "97410") == []
        assert self.places("2.1", "97200", "97200") == []
        assert self.places("20", "75001", "97410") == []
        assert self.places("20", "97400", "97410", delivery=to("FR", "75001")) == []

    def test_country_code_of_the_territory(self) -> None:
        reunion = {"seller": seller("FR83404833048", "RE"), "buyer": buyer(None, "RE")}
        assert found(at("20", **reunion), *RATES) == warning("VAT-03")
        assert found(at("8.5", **reunion), *RATES) == []

    def test_corsica(self) -> None:
        assert self.places("0.9", "20000", "20200") == []
        assert self.places("20", "20000", "20200") == []
        assert self.places("0.9", "13001", "06000") == warning("VAT-03")

    def test_no_vat_in_guyane(self) -> None:
        assert self.places("20", "97300", "97310") == warning("VAT-03")
        assert self.places("8.5", "97300", "97310") == warning("VAT-03")

    def test_azores_and_canaries(self) -> None:
        def both(rate: str, vat: str, country: str, code: str) -> Found:
            parties = {"seller": seller(vat, country, code), "buyer": buyer(None, country, code)}
            return found(at(rate, **parties), *RATES)

        assert both("16", "PT123456789", "PT", "9500-150") == []
        assert both("23", "PT123456789", "PT", "9500-150") == warning("VAT-03")
        assert both("22", "PT123456789", "PT", "9000-100") == []
        assert both("22", "PT123456789", "PT", "1000-100") == warning("VAT-03")
        assert both("21", "ESB12345674", "ES", "35001") == warning("VAT-03")
        assert both("21", "ESB12345674", "ES", "28001") == []

    def test_rate_of_a_territory_that_the_home_has_too(self) -> None:
        parties = {"seller": seller("ATU12345678", "DE"), "buyer": buyer("DE123456789")}
        assert found(at("19", **parties), *RATES) == information("VAT-03")


class TestIntraCommunity:
    def run(self, number: str | None, **more: Any) -> Found:
        return found(at("0", "K", buyer=buyer(number), **more), "VAT-04")

    def test_two_member_states(self) -> None:
        assert self.run("DE123456789") == []
        assert self.run("EL123456789") == []
        assert self.run("XI123456789") == []
        assert self.run(None) == []  # BR-IC-02 finds that

    def test_one_member_state_or_none(self) -> None:
        assert self.run("FR40303265045") == warning("VAT-04")
        assert self.run("CHE123456789MWST") == warning("VAT-04")
        assert self.run("DE123456789", seller=seller("CHE1", "CH")) == warning("VAT-04")

    def test_united_kingdom_until_it_left(self) -> None:
        assert self.run("GB123456789", issue_date=date(2020, 12, 31)) == []
        assert self.run("GB123456789", issue_date=date(2021, 1, 1)) == warning("VAT-04")

    def test_second_number_of_the_seller(self) -> None:
        agent = TaxRepresentative(vat_identifier="IT12345670017")
        assert self.run("FR40303265045", tax_representative=agent) == []

    def test_delivery(self) -> None:
        assert self.run("DE123456789", delivery=to("IT")) == []
        assert self.run("DE123456789", delivery=to("GB")) == []
        assert self.run("DE123456789", delivery=to("CH")) == warning("VAT-04")
        assert self.run("DE123456789", delivery=to("FR")) == information("VAT-04")


class TestExport:
    def run(self, country: str, delivery: Delivery | None = None, **more: Any) -> Found:
        invoice = at("0", "G", buyer=buyer(None, country), delivery=delivery, **more)
        return found(invoice, "VAT-05")

    def test_goods_that_leave(self) -> None:
        assert self.run("US") == []
        assert self.run("DE", to("CH")) == []
        assert self.run("FR", to("FR", "97400")) == []
        assert self.run("ES", to("ES", "35001")) == []
        assert self.run("GB") == []

    def test_goods_that_stay(self) -> None:
        assert self.run("DE") == warning("VAT-05")
        assert self.run("DE", to("FR", "75001")) == warning("VAT-05")
        assert self.run("US", to("FR", "75001")) == information("VAT-05")
        assert self.run("GB", issue_date=date(2020, 12, 31)) == warning("VAT-05")

    def test_seller_outside_the_union(self) -> None:
        swiss = seller("CHE123456789MWST", "CH")
        assert self.run("FR", seller=swiss) == []
        assert self.run("LI", seller=swiss) == warning("VAT-05")


def test_reverse_charge_needs_the_number_of_a_buyer_abroad() -> None:
    def run(number: str | None, country: str) -> Found:
        return found(at("0", "AE", buyer=buyer(number, country)), "VAT-06")

    assert run(None, "DE") == warning("VAT-06")
    assert run("DE123456789", "DE") == []
    assert run(None, "FR") == []
    assert run(None, "US") == []


def test_igic_and_ipsi_belong_to_their_territories() -> None:
    def run(category: str, here: str | None, there: str) -> Found:
        parties = {"seller": seller("ESB1", "ES", here), "buyer": buyer(None, "ES", there)}
        return found(at("7", category, **parties), "VAT-07")

    assert run("L", "28001", "08001") == warning("VAT-07")
    assert run("L", "38001", "08001") == []
    assert run("L", "28001", "35001") == []
    assert run("L", None, "08001") == []
    assert run("M", "35001", "38001") == warning("VAT-07")
    assert run("M", "28001", "51001") == []


def test_outside_scope_between_two_member_states() -> None:
    def run(number: str | None) -> Found:
        return found(at(None, "O", buyer=buyer(number)), "VAT-08")

    assert run("DE123456789") == information("VAT-08")
    assert run("FR40303265045") == []
    assert run("CHE123456789") == []
    assert run(None) == []


class TestReasons:
    def run(self, category: str, code: str, *ids: str, **more: Any) -> Found:
        rows = (row("0", category, exemption_reason_code=code),)
        return found(at("0", category, vat_breakdown=rows, **more), *ids)

    @pytest.mark.parametrize(
        ("category", "code"),
        [
            ("E", "VATEX-EU-132-1A"),
            ("E", "vatex-eu-79-c"),
            ("E", "VATEX-EU-143-1A"),
            ("E", "VATEX-FR-CGI261C-1"),
            ("AE", "VATEX-EU-AE"),
            ("AE", "VATEX-FR-AE"),
            ("K", "VATEX-EU-IC"),
            ("G", "VATEX-EU-G"),
            ("O", "VATEX-EU-O"),
            ("Z", "VATEX-EU-132"),
            ("S", "VATEX-EU-O"),
            ("E", "own code"),
        ],
    )
    def test_fitting(self, category: str, code: str) -> None:
        assert self.run(category, code, "VAT-09") == []

    @pytest.mark.parametrize(
        ("category", "code"),
        [
            ("E", "VATEX-EU-AE"),
            ("AE", "VATEX-EU-IC"),
            ("K", "VATEX-EU-G"),
            ("G", "VATEX-EU-132"),
            ("O", "VATEX-FR-FRANCHISE"),
            ("E", "vatex-eu-o"),
            ("K", "VATEX-EU-143-1A"),
        ],
    )
    def test_of_another_category(self, category: str, code: str) -> None:
        assert self.run(category, code, "VAT-09") == warning("VAT-09")

    @pytest.mark.parametrize("category", ["G", "Z"])
    def test_like_an_export(self, category: str) -> None:
        assert self.run(category, "VATEX-EU-148-A", "VAT-09") == information("VAT-09")

    def test_of_a_line(self) -> None:
        invoice = at("0", "E")
        more = LineExtension(exemption_reason_code="VATEX-EU-AE")
        line = msgspec.structs.replace(invoice.lines[0], extension=more)
        changed = msgspec.structs.replace(invoice, lines=(line,))
        (one,) = (o for _, _, o in observed(changed, "VAT-09"))
        assert one.paths == ("lines[0].extension.exemption_reason_code",)

    def test_french_code_of_a_foreign_seller(self) -> None:
        german = seller("DE123456789", "DE")
        assert self.run("E", "VATEX-FR-FRANCHISE", "VAT-10", seller=german) == warning("VAT-10")
        assert self.run("E", "VATEX-FR-FRANCHISE", "VAT-10", seller=seller(None, "MC")) == []
        assert self.run("E", "VATEX-FR-FRANCHISE", "VAT-10", seller=seller(None, "RE")) == []
        assert self.run("E", "VATEX-EU-132", "VAT-10", seller=german) == []

    def test_waived_rebate_only_on_a_credit_note(self) -> None:
        assert self.run("E", "VATEX-FR-CNWVAT", "VAT-10") == warning("VAT-10")
        for type_code in ("261", "381", "396"):
            assert self.run("E", "VATEX-FR-CNWVAT", "VAT-10", type_code=type_code) == []


class TestFranchise:
    FRANCHISE = row("0", "E", exemption_reason_code="VATEX-FR-FRANCHISE")
    IDS = ("VAT-11", "VAT-12")

    def test_without_vat(self) -> None:
        assert found(at("0", "E", vat_breakdown=(self.FRANCHISE,)), *self.IDS) == []

    def test_vat_of_its_row(self) -> None:
        taxed = msgspec.structs.replace(self.FRANCHISE, tax_amount=D("0.01"))
        assert found(at("0", "E", vat_breakdown=(taxed,)), *self.IDS) == fatal("VAT-11")

    def test_vat_total_alone(self) -> None:
        invoice = at("0", "E", vat_breakdown=(self.FRANCHISE,), totals=Totals(vat=D(1)))
        assert found(invoice, *self.IDS) == fatal("VAT-11")

    def test_taxed_lines(self) -> None:
        invoice = at("20", vat_breakdown=(self.FRANCHISE, row()))
        assert found(invoice, *self.IDS) == fatal("VAT-11") + warning("VAT-12")
        assert message(invoice, "VAT-11") == (
            "The seller has the French franchise (CGI 293 B), but VAT of 40.00 is charged; "
            "expected 0."
        )
        charge = AllowanceCharge(amount=D(1), vat_category="S", vat_rate=D(20))
        invoice = at("0", "E", vat_breakdown=(self.FRANCHISE,), charges=(charge,))
        assert found(invoice, *self.IDS) == warning("VAT-12")

    def test_said_in_a_note(self) -> None:
        note = Note(text="TVA non applicable, art. 293 B du CGI")
        assert found(at("20", notes=(note,)), *self.IDS) == fatal("VAT-11") + warning("VAT-12")
        assert found(at("20", notes=(Note(text="article 293 B"),)), *self.IDS) == []


class TestAmounts:
    def vat(self, base: str, tax: str, rate: str = "20", **more: Any) -> Invoice:
        rows = (row(rate, base=base, tax_amount=D(tax)),)
        return at(rate, vat_breakdown=rows, lines=(), totals=Totals(vat=D(tax)), **more)

    def lines(self, amount: str, count: int, tax: str) -> Invoice:
        one = Line(identifier="1", net_amount=D(amount), vat=LineVat(category="S", rate=D(20)))
        return msgspec.structs.replace(
            self.vat(str(D(amount) * count), tax), lines=tuple(one for _ in range(count))
        )

    @pytest.mark.parametrize("tax", ["40.00", "40.02", "39.98"])
    def test_two_cents_pass(self, tax: str) -> None:
        assert found(self.vat("200.00", tax)) == []

    @pytest.mark.parametrize("tax", ["40.03", "39.97", "40.89"])
    def test_three_cents_do_not(self, tax: str) -> None:
        assert found(self.vat("200.00", tax)) == warning("VAT-13")

    def test_tolerance_grows_with_lines(self) -> None:
        assert found(self.lines("10.00", 5, "10.05")) == []
        assert found(self.lines("10.00", 5, "10.06")) == warning("VAT-13")

    def test_sum_of_rounded_lines(self) -> None:
        """0.02 at 20 % is 0.00 for each of a hundred lines, 0.40 for all of them."""
        assert found(self.lines("0.02", 100, "0.00")) == []
        assert found(self.lines("0.02", 100, "0.40")) == []
        unsummed = msgspec.structs.replace(
            self.lines("0.02", 100, "0.00"), allowances=(self.allowance("0.01"),)
        )
        assert found(unsummed, "VAT-13") == []  # 0.40 is within 0.01 for each of 101 parts
        assert found(self.vat("2.00", "0.00"), "VAT-13") == warning("VAT-13")

    def allowance(self, amount: str) -> AllowanceCharge:
        return AllowanceCharge(amount=D(amount), vat_category="S", vat_rate=D(20))

    def test_negative_base(self) -> None:
        assert found(self.vat("-200.00", "-40.00")) == []
        assert found(self.vat("-200.00", "40.00")) == warning("VAT-13")

    def test_currency_without_decimals(self) -> None:
        assert found(self.vat("1004", "201", currency="JPY")) == []
        assert found(self.vat("1004", "203", currency="JPY")) == []
        assert found(self.vat("1004", "204", currency="JPY")) == warning("VAT-13")

    def test_whole_forints(self) -> None:
        hungarian = {"currency": "HUF", "seller": seller("HU12345676", "HU")}
        assert found(self.vat("101.50", "27", "27", **hungarian)) == []

    def test_information_lines_do_not_count(self) -> None:
        invoice = self.lines("10.00", 5, "10.06")
        more = LineExtension(subtype="INFORMATION")
        line = msgspec.structs.replace(invoice.lines[0], extension=more)
        changed = msgspec.structs.replace(invoice, lines=(*invoice.lines, line))
        assert found(changed) == warning("VAT-13")

    @pytest.mark.parametrize(
        ("tax", "why"),
        [
            ("-246.00", "its sign is wrong"),
            ("205.00", "it is the VAT contained in the base"),
            ("123.00", "it is the VAT at 10 %"),
            ("67.65", "it is the VAT at 5.5 %"),
            ("2460.00", "it is 10 times as much"),
            ("2.46", "it is a 100th"),
            ("264.00", "two neighbouring digits are swapped"),
            ("240.00", None),
        ],
    )
    def test_smallest_explanation(self, tax: str, why: str | None) -> None:
        text = f"BT-117 is {tax}, expected 246.00 (BT-116 1230.00 at 20 %)"
        expected = f"{text}; {why}." if why else f"{text}."
        assert message(self.vat("1230.00", tax), "VAT-13") == expected

    def test_explanation_by_a_part(self) -> None:
        invoice = msgspec.structs.replace(
            self.lines("100.00", 2, "38.00"),
            vat_breakdown=(row(base="190.00", tax_amount=D("40.00")),),
            allowances=(self.allowance("10.00"),),
        )
        assert message(invoice, "VAT-13").endswith("; it is the VAT without allowance 1.")

    def test_sum(self) -> None:
        def total(vat: str | None) -> Found:
            rows = (row(), row("10"))
            totals = Totals(vat=None if vat is None else D(vat))
            return found(at("20", vat_breakdown=rows, totals=totals), "VAT-14")

        assert total("60.00") == []
        assert total("60.01") == information("VAT-14")
        assert total("60.02") == information("VAT-14")
        assert total("60.03") == warning("VAT-14")
        assert total(None) == warning("VAT-14")

    def test_no_sum_of_what_is_absent(self) -> None:
        assert found(at("20", vat_breakdown=(), totals=Totals(vat=D(5))), "VAT-14") == []
        assert found(at(None, "O", totals=Totals()), "VAT-14") == []


def test_a_bare_invoice_is_judged_in_silence() -> None:
    assert found(Invoice()) == []
    assert found(Invoice(vat_breakdown=(VatBreakdown(category="S"),))) == []
