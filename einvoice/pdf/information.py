"""XMP metadata made from the document information dictionary of a PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from einvoice.pdf.container import as_dictionary, text_of
from einvoice.pdf.metadata import (
    RDF,
    new_description,
    packet_of,
    parse_packet,
    rdf_of,
    text_element,
)

if TYPE_CHECKING:
    import pikepdf

DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
PDF = "http://ns.adobe.com/pdf/1.3/"

#: Entry of the information dictionary -> namespace, prefix, property, and the list that holds it.
PROPERTIES = {
    "/Title": (DC, "dc", "title", "Alt"),
    "/Author": (DC, "dc", "creator", "Seq"),
    "/Subject": (DC, "dc", "description", "Alt"),
    "/Keywords": (PDF, "pdf", "Keywords", None),
    "/Producer": (PDF, "pdf", "Producer", None),
    "/Creator": (XMP, "xmp", "CreatorTool", None),
    "/CreationDate": (XMP, "xmp", "CreateDate", None),
    "/ModDate": (XMP, "xmp", "ModifyDate", None),
}
DATES = ("/CreationDate", "/ModDate")

#: A PDF date (ISO 32000-1, 7.9.4); all after the year may be missing.
DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([-+Z])(?:(\d\d)'?(?:(\d\d)'?)?)?)?"
)
NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def packet_from(document: pikepdf.Pdf) -> bytes:
    """A packet that says what the information dictionary says."""
    root = parse_packet(None)
    rdf = rdf_of(root)
    information = as_dictionary(document.trailer.get("/Info"))
    for key, (namespace, prefix, name, form) in PROPERTIES.items():
        text = None if information is None else text_of(information.get(key))
        text = iso_date(text or "") if key in DATES else NO_XML.sub("", text or "").strip()
        if text:
            description = new_description(rdf, prefix, namespace)
            _add(description, namespace, name, text, form)
    return packet_of(root)


def _add(
    description: etree._Element, namespace: str, name: str, text: str, form: str | None
) -> None:
    """A property, as text or as the only item of a list."""
    if form is None:
        text_element(description, namespace, name, text)
        return
    holder = etree.SubElement(description, f"{{{namespace}}}{name}")
    item = etree.SubElement(etree.SubElement(holder, f"{{{RDF}}}{form}"), f"{{{RDF}}}li")
    item.text = text
    if form == "Alt":
        item.set("{http://www.w3.org/XML/1998/namespace}lang", "x-default")


def iso_date(text: str) -> str | None:
    """A PDF date as XMP writes it, None if it is no date."""
    match = DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, off_hour, off_minute = match.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None or day is None:
        return date
    zone = "Z" if sign in (None, "Z") else f"{sign}{off_hour or '00'}:{off_minute or '00'}"
    return f"{date}T{hour}:{minute or '00'}:{second or '00'}{zone}"
