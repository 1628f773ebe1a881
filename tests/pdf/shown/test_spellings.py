"""Numbers, dates and identifiers as pages write them."""

from datetime import date
from decimal import Decimal

import pytest

from einvoice.pdf.shown import spellings

AMOUNT = Decimal("1234567.50")


@pytest.mark.parametrize(
    "text",
    [
        "1234567.50",
        "1234567,5",
        "1.234.567,50 €",
        "1,234,567.50",
        "1 234 567,50",
        "1\u202f234\u202f567,50",
        "1'234'567.50",
        "EUR-1.234.567,500.",
        "Total 1 234 567 , 50",
    ],
)
def test_amount_is_found(text):
    assert spellings.amount_pattern(AMOUNT).search(text)
    assert spellings.amount_pattern(-AMOUNT).search(text)


@pytest.mark.parametrize(
    "text",
    [
        "1.234.567,51",
        "11.234.567,50",
        "8.1.234.567,50",
        "1.234.567,505",
        "1.234.567,50.000",
        "7,50",
    ],
)
def test_another_amount_is_not(text):
    assert not spellings.amount_pattern(AMOUNT).search(text)


@pytest.mark.parametrize(
    ("amount", "text", "found"),
    [
        ("100.00", "100", True),
        ("100.00", "100,-", True),
        ("100", "100,00", True),
        ("100.00", "100,10", False),
        ("100.00", "100.000,00", False),
        ("100.00", "2.100,00", False),
        ("100.00", "100 000,00", False),
        ("0.95", "0,95", True),
        ("0.95", "10,95", False),
    ],
)
def test_whole_and_small_amounts(amount, text, found):
    assert bool(spellings.amount_pattern(Decimal(amount)).search(text)) is found


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "05.03.2024",
        "5.3.24",
        "05/03/2024",
        "03/05/2024",
        "20240305",
        "5 mars 2024",
        "5. März 2024",
        "05-Mar-2024",
        "March 5, 2024",
        "5th of March 2024".replace(" of", ""),
        "5 MARS 24",
    ],
)
def test_date_is_found(text):
    assert spellings.date_pattern(date(2024, 3, 5)).search(text)


@pytest.mark.parametrize("text", ["15.03.2024", "05.03.20245", "5 mai 2024", "5.3.2023", "2024"])
def test_another_date_is_not(text):
    assert not spellings.date_pattern(date(2024, 3, 5)).search(text)


@pytest.mark.parametrize(
    ("month", "names"),
    list(
        enumerate(
            (
                "janvier Januar January jänner",
                "février Februar feb.",
                "mars März March mrz",
                "avril April",
                "mai May",
                "juin Juni June",
                "juillet Juli July",
                "août August",
                "septembre September",
                "octobre Oktober October",
                "novembre November",
                "décembre Dezember December",
            ),
            start=1,
        )
    ),
)
def test_names_of_months(month, names):
    for name in names.split():
        text = f"1. {name} 2024"
        found = {n for n in range(1, 13) if spellings.date_pattern(date(2024, n, 1)).search(text)}
        assert found == {month}


def test_first_of_the_month_in_french():
    assert spellings.date_pattern(date(2024, 8, 1)).search("le 1er août 2024")


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("F-2024/042", "Facture n° f-2024/042.", True),
        ("F-2024/042", "F-2024/ 042", True),
        ("F-2024/042", "F-2024/0421", False),
        ("42", "Rechnung 42", True),
        ("42", "Rechnung 142", False),
        ("RE 1001", "RechnungRE1001", True),
    ],
)
def test_number_of_an_invoice(value, text, found):
    assert bool(spellings.text_pattern(value).search(text)) is found


def test_values_on_a_page():
    text = (
        "Net 1.234,56 TVA 20,00 12345.67 am 31.01.2024, 2024-02-30, 1/2/24 "
        "N° TVA FR 83 404 833 048 and FR00404833048, IBAN FR76 3000 6000 0112 3456 7890 189 BIC X"
    )
    assert list(spellings.amounts_in(text)) == [
        Decimal("1234.56"),
        Decimal(20),
        Decimal("12345.67"),
    ]
    assert list(spellings.dates_in(text)) == [date(2024, 1, 31), date(2024, 2, 1)]
    assert list(spellings.vat_identifiers_in(text)) == ["FR83404833048"]
    assert list(spellings.ibans_in(text)) == ["FR7630006000011234567890189"]
