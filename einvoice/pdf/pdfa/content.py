"""Content streams, rendering intents and form XObjects (6.2.2, 6.2.6, 6.2.9)."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.errors import PdfError
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.names import text
from einvoice.pdf.pdfa.operators import INTENTS, wrong_intent
from einvoice.pdf.pdfa.subject import Subject, is_dictionary
from einvoice.pdf.pdfa.walk import drawing


def content_is_defined(subject: Subject) -> Iterator[Fault]:
    """Only operators of ISO 32000-1, q nested 28 deep at most, own resources, known intents."""
    yield from drawing(subject).faults.values()


def content_is_readable(subject: Subject) -> Iterator[Fault]:
    """All content streams can be taken apart; what cannot be read cannot be shown to conform.

    Raises:
        PdfError: there is more content than we walk through.
    """
    found = drawing(subject)
    if found.unreadable is not None:
        yield Fault("6.2.2-1", f"{found.unreadable}, expected content of ISO 32000-1")
    if found.cut_short is not None:
        raise PdfError(f"{found.cut_short} to be checked")


def intents_are_known(subject: Subject) -> Iterator[Fault]:
    """The rendering intents of graphics states and images are those of ISO 32000-1 Table 70."""
    found = drawing(subject)
    rows = [(use.value.get("/RI"), use.where) for use in found.states.values()]
    rows += [(use.image.get("/Intent"), use.where) for use in found.images.values()]
    for intent, where in rows:
        if intent is not None and text(intent) not in INTENTS:
            yield Fault("6.2.6-1", wrong_intent(intent, where))


def forms_are_plain(subject: Subject) -> Iterator[Fault]:
    """A form XObject has no OPI and PostScript (6.2.9-1) and no other file (6.2.9-2)."""
    for use in drawing(subject).forms.values():
        form = use.value
        for key in ("/OPI", "/PS"):
            if form.get(key) is not None:
                yield Fault("6.2.9-1", f"{use.where} has the key {key[1:]}, expected none")
        if form.get("/Subtype2") == "/PS":
            yield Fault("6.2.9-1", f"{use.where} has Subtype2 PS, expected none")
        if is_dictionary(form.get("/Ref")):
            yield Fault("6.2.9-2", f"{use.where} is a reference XObject (Ref), expected none")


CHECKS = (content_is_defined, content_is_readable, intents_are_known, forms_are_plain)

UNCHECKED = {
    "6.2.2, undefined names": "a resource that is defined nowhere is no fault here",
}
