"""Each container check with a PDF that breaks it, and nothing else."""

import pikepdf
import pytest
from pdf_examples import (
    CII,
    DAY,
    EN_16931,
    OTHER_CII,
    UBL,
    ZUGFERD_1,
    changed,
    embed,
    good_hybrid,
    plain_pdf,
    with_file,
    with_xmp,
    xmp_stream,
)
from pikepdf import Dictionary, Name, String

from einvoice.findings import LayerName, Severity
from einvoice.pdf.attach import attach
from einvoice.pdf.checks import CHECKS, check_container
from einvoice.pdf.container import open_pdf
from einvoice.pdf.generations import FACTUR_X, ZUGFERD_2, levels_of
from einvoice.pdf.generations import ZUGFERD_1 as ZF1

MINIMUM = "urn:factur-x.eu:1p0:minimum"
CTC_FR = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
FERD = "urn:ferd:CrossIndustryDocument:invoice:1p0"
ZF2_BASIC = "urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic"
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def rename(name):
    def change(pdf):
        spec = pdf.Root.AF[0]
        spec.F = spec.UF = String(name)

    return change


def put(key, value):
    def change(pdf):
        target = pdf.Root.AF[0]
        *path, last = key.split(".")
        for step in path:
            target = target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value

    return change


def content(xml):
    def change(pdf):
        stream = pdf.Root.AF[0].EF.F
        stream.write(xml)
        stream.Params.Size = len(xml)

    return change


def all_of(*changes):
    def change(pdf):
        for one in changes:
            one(pdf)

    return change


def without_xmp(pdf):
    del pdf.Root.Metadata


def broken_xmp(pdf):
    pdf.Root.Metadata = xmp_stream(pdf, b"<x>")


def single_af(pdf):
    pdf.Root.AF = pdf.Root.AF[0]


def without_af(pdf):
    del pdf.Root.AF


def without_names(pdf):
    del pdf.Root.Names


def nothing(pdf):
    pass


ENCRYPTED = {"encryption": pikepdf.Encryption(owner="o")}
NAMESPACE = FACTUR_X.namespace

#: Ids that fire, what is changed in the good hybrid, and how it is saved.
CASES = [
    ({"PDF-01"}, with_file("factur-x.xml", OTHER_CII), {}),
    ({"PDF-01"}, with_file("ZUGFeRD-invoice.xml", ZUGFERD_1), {}),
    ({"PDF-01"}, with_file("XRECHNUNG.xml", OTHER_CII), {}),
    ({"PDF-02"}, all_of(rename("invoice.xml"), with_xmp("factur-x.xml", "invoice.xml")), {}),
    ({"PDF-02"}, all_of(rename("Factur-X.XML"), with_xmp("factur-x.xml", "Factur-X.XML")), {}),
    ({"PDF-03"}, without_xmp, {}),
    ({"PDF-03"}, broken_xmp, {}),
    ({"PDF-03", "PDF-15"}, lambda pdf: setattr(pdf.Root, "Metadata", xmp_stream(pdf, b"<x/>")), {}),
    ({"PDF-04"}, with_xmp(">EN 16931<", ">EXTENDED<"), {}),
    ({"PDF-05"}, with_xmp(">EN 16931<", ">EN16931<"), {}),
    ({"PDF-05"}, with_xmp("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>", ""), {}),
    ({"PDF-06"}, with_xmp("factur-x.xml", "other.xml"), {}),
    ({"PDF-07"}, with_xmp(">INVOICE<", ">ORDER<"), {}),
    ({"PDF-08"}, with_xmp(">1.0<", ">9.9<"), {}),
    ({"PDF-09"}, put("/AFRelationship", None), {}),
    ({"PDF-09"}, put("/AFRelationship", Name.Unspecified), {}),
    ({"PDF-11"}, without_af, {}),
    ({"PDF-11"}, without_names, {}),
    ({"PDF-11"}, single_af, {}),
    ({"PDF-12"}, put("/EF./F./Subtype", Name("/application/xml")), {}),
    ({"PDF-12"}, put("/EF./F./Subtype", None), {}),
    ({"PDF-13"}, nothing, ENCRYPTED),
    ({"PDF-14"}, content(UBL), {}),
    ({"PDF-15"}, with_xmp("pdfaid:part>3<", "pdfaid:part>1<"), {}),
    ({"PDF-16"}, with_file("factur-x.xml", CII), {}),
    ({"PDF-16"}, with_file("old.xml", OTHER_CII), {}),
    ({"PDF-17"}, all_of(rename("xrechnung.xml"), with_xmp("factur-x.xml", "xrechnung.xml")), {}),
    (
        {"PDF-18", "PDF-19"},
        with_xmp(f'xmlns:fx="{NAMESPACE}"', f'xmlns:fx="{NAMESPACE.lower()}"'),
        {},
    ),
    ({"PDF-18"}, with_xmp(NAMESPACE, ZF1.namespace), {}),
    ({"PDF-19"}, with_xmp("<pdfaSchema:namespaceURI>urn", "<pdfaSchema:namespaceURI>x"), {}),
    ({"PDF-20"}, put("/UF", None), {}),
    ({"PDF-20"}, put("/F", String("x.xml")), {}),
    ({"PDF-21"}, put("/EF./F./Params./Size", 1), {}),
]


def findings(data, guideline=EN_16931):
    return check_container(open_pdf(data), guideline)


def rules(data, guideline=EN_16931):
    return {finding.rule for finding in findings(data, guideline)}


@pytest.mark.parametrize(("broken", "change", "options"), CASES)
def test_check(broken, change, options):
    assert rules(changed(good_hybrid(), change, **options)) == broken


def test_relationship_of_the_low_levels():
    for relationship, broken in (("Data", set()), ("Alternative", {"PDF-10"})):
        data = attach(plain_pdf(), CII, level="MINIMUM", modified=DAY, relationship=relationship)
        assert rules(data, MINIMUM) == broken


def test_each_check_has_a_breaking_case():
    tested = {rule for broken, *_ in CASES for rule in broken} | {"PDF-10"}
    assert tested == {rule for rule, *_ in CHECKS}
    assert len({rule for rule, *_ in CHECKS}) == len(CHECKS)


def test_good_hybrid_has_no_finding():
    assert findings(good_hybrid()) == ()
    assert findings(good_hybrid(), None) == ()
    assert findings(good_hybrid(), "urn:never:heard") == ()


def test_finding_says_what_was_found_and_expected():
    (finding,) = findings(changed(good_hybrid(), with_xmp(">EN 16931<", ">EXTENDED<")))
    assert finding.layer is LayerName.CONTAINER
    assert finding.severity is Severity.FATAL
    assert finding.terms == ("BT-24",)
    assert "'EXTENDED', expected 'EN 16931' because BT-24 is 'urn:cen.eu" in finding.message


def test_fatal_is_what_makes_the_file_unusable_or_contradictory():
    fatal = {rule for rule, severity, _ in CHECKS if severity is Severity.FATAL}
    assert fatal == {"PDF-01", "PDF-02", "PDF-04", "PDF-13", "PDF-14"}


def test_second_invoice_that_cannot_be_unpacked_is_another_one():
    def add(pdf):
        spec = embed(pdf, "xrechnung.xml", b"")
        spec.EF.F.write(b"no flate", filter=Name.FlateDecode)

    none = pikepdf.StreamDecodeLevel.none
    data = changed(good_hybrid(), add, compress_streams=False, stream_decode_level=none)
    assert rules(data) == {"PDF-01"}


@pytest.mark.parametrize(
    ("level", "name", "guideline"),
    [
        ("XRECHNUNG", "xrechnung.xml", XRECHNUNG),
        ("XRECHNUNG", "factur-x.xml", XRECHNUNG),
        ("EN 16931", "factur-x.xml", XRECHNUNG),
        ("EXTENDED", "factur-x.xml", CTC_FR),
        ("BASIC", "factur-x.xml", "urn:cen.eu:en16931:2017:compliant:factur-x.eu:1p0:basic"),
        ("BASIC WL", "factur-x.xml", "urn:factur-x.eu:1p0:basicwl"),
    ],
)  # fmt: skip
def test_levels_that_agree_with_the_guideline(level, name, guideline):
    data = attach(plain_pdf(), CII, level=level, name=name, modified=DAY)
    assert rules(data, guideline) == set()


@pytest.mark.parametrize(
    ("generation", "name", "xml", "level", "guideline"),
    [
        (ZF1, "ZUGFeRD-invoice.xml", ZUGFERD_1, "COMFORT", f"{FERD}:comfort"),
        (ZUGFERD_2, "zugferd-invoice.xml", CII, "BASIC", ZF2_BASIC),
    ],
)  # fmt: skip
def test_older_generations_are_judged_by_their_own_rules(generation, name, xml, level, guideline):
    change = all_of(
        content(xml),
        rename(name),
        with_xmp("factur-x.xml", name),
        with_xmp(NAMESPACE, generation.namespace),
        with_xmp("EN 16931", level),
    )
    data = changed(good_hybrid(), change)
    assert rules(data, guideline) == set()
    assert rules(data, "urn:cen.eu:en16931:2017#conformant#urn:zugferd.de:2p0:extended") == {
        "PDF-04"
    }


def test_levels_of_unknown_guideline():
    assert levels_of("urn:x") == ()
    assert levels_of("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:x") == ("EN 16931",)


def test_xmp_fields_as_attributes_are_read():
    attributes = (
        f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}" fx:DocumentType="INVOICE" '
        'fx:DocumentFileName="factur-x.xml" fx:Version="1.0" fx:ConformanceLevel="EN 16931"/>'
    )

    def change(pdf):
        text = pdf.Root.Metadata.read_bytes().decode()
        start = text.index('<rdf:Description xmlns:fx="')
        end = text.index("</rdf:Description>", start) + len("</rdf:Description>")
        pdf.Root.Metadata = xmp_stream(pdf, (text[:start] + attributes + text[end:]).encode())

    assert rules(changed(good_hybrid(), change)) == set()


def test_params_may_be_missing():
    assert rules(changed(good_hybrid(), put("/EF./F./Params", Dictionary()))) == set()
