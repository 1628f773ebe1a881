# ruff: noqa: E501
"""The words of the drawn page in French, German and English."""

from __future__ import annotations

LANGUAGES = ("fr", "de", "en")

#: Word by word in the order of LANGUAGES. Terms carry their number in EN 16931.
# fmt: off
LABELS: dict[str, tuple[str, str, str]] = {
    "page": ("Page", "Seite", "Page"),
    # header
    "number": ("Numéro", "Nummer", "Number"),  # BT-1
    "issue_date": ("Date d’émission", "Rechnungsdatum", "Issue date"),  # BT-2
    "type": ("Type de document", "Dokumentart", "Document type"),  # BT-3
    "currency": ("Devise", "Währung", "Currency"),  # BT-5
    "accounting_currency": ("Devise de comptabilisation de la TVA", "Währung der USt-Buchung", "VAT accounting currency"),  # BT-6
    "tax_point_date": ("Date d’exigibilité de la TVA", "Steuerfälligkeit", "VAT point date"),  # BT-7
    "tax_point_date_code": ("Exigibilité de la TVA", "Steuerfälligkeit nach", "VAT point"),  # BT-8
    "due_date": ("Date d’échéance", "Fällig am", "Due date"),  # BT-9
    "buyer_reference": ("Référence de l’acheteur", "Käuferreferenz", "Buyer reference"),  # BT-10
    "project_reference": ("Projet", "Projekt", "Project"),  # BT-11
    "contract_reference": ("Contrat", "Vertrag", "Contract"),  # BT-12
    "purchase_order_reference": ("Bon de commande", "Bestellung", "Purchase order"),  # BT-13
    "sales_order_reference": ("Commande du vendeur", "Auftragsbestätigung", "Sales order"),  # BT-14
    "receiving_advice_reference": ("Avis de réception", "Wareneingang", "Receiving advice"),  # BT-15
    "despatch_advice_reference": ("Avis d’expédition", "Lieferavis", "Despatch advice"),  # BT-16
    "tender_or_lot_reference": ("Appel d’offres ou lot", "Vergabe oder Los", "Tender or lot"),  # BT-17
    "invoiced_object": ("Objet facturé", "Abgerechnetes Objekt", "Invoiced object"),  # BT-18
    "buyer_accounting_reference": ("Référence comptable de l’acheteur", "Buchungsreferenz des Käufers", "Buyer accounting reference"),  # BT-19
    "business_process": ("Cadre de facturation", "Geschäftsprozess", "Business process"),  # BT-23
    "specification": ("Spécification", "Spezifikation", "Specification"),  # BT-24
    "preceding_invoice": ("Facture antérieure", "Vorausgegangene Rechnung", "Preceding invoice"),  # BG-3
    # parties
    "seller": ("Vendeur", "Verkäufer", "Seller"),
    "buyer": ("Acheteur", "Käufer", "Buyer"),
    "payee": ("Bénéficiaire du paiement", "Zahlungsempfänger", "Payee"),
    "tax_representative": ("Représentant fiscal", "Steuervertreter", "Tax representative"),
    "trading_name": ("Nom commercial", "Handelsname", "Trading name"),
    "identifier": ("Identifiant", "Kennung", "Identifier"),
    "legal_registration": ("Immatriculation", "Registernummer", "Legal registration"),
    "vat_identifier": ("N° de TVA", "USt-IdNr.", "VAT identifier"),
    "tax_registration": ("N° fiscal", "Steuernummer", "Tax registration"),
    "additional_legal_information": ("Informations juridiques", "Rechtliche Angaben", "Legal information"),
    "electronic_address": ("Adresse électronique", "Elektronische Adresse", "Electronic address"),
    "contact": ("Contact", "Ansprechpartner", "Contact"),
    "telephone": ("Téléphone", "Telefon", "Telephone"),
    "email": ("Courriel", "E-Mail", "Email"),
    # delivery
    "delivery": ("Livraison", "Lieferung", "Delivery"),
    "delivery_name": ("Destinataire", "Empfänger", "Deliver to"),  # BT-70
    "delivery_location": ("Lieu de livraison", "Lieferort", "Delivery location"),  # BT-71
    "delivery_address": ("Adresse de livraison", "Lieferanschrift", "Delivery address"),  # BG-15
    "actual_date": ("Date de livraison", "Lieferdatum", "Delivery date"),  # BT-72
    "period": ("Période", "Zeitraum", "Period"),  # BG-14, BG-26
    "from": ("à partir du", "ab", "from"),
    "until": ("jusqu’au", "bis", "until"),
    # lines
    "lines": ("Lignes", "Positionen", "Lines"),
    "line": ("N°", "Pos.", "No."),  # BT-126
    "item": ("Désignation", "Bezeichnung", "Item"),  # BT-153
    "quantity": ("Quantité", "Menge", "Quantity"),  # BT-129
    "unit_price": ("Prix unitaire HT", "Einzelpreis netto", "Unit price"),  # BT-146
    "vat": ("TVA", "USt", "VAT"),  # BT-151, BT-152
    "net_amount": ("Montant HT", "Netto", "Net amount"),  # BT-131
    "line_note": ("Note", "Hinweis", "Note"),  # BT-127
    "object_identifier": ("Objet", "Objekt", "Object"),  # BT-128
    "order_line_reference": ("Ligne de commande", "Bestellposition", "Order line"),  # BT-132
    "gross_price": ("Prix brut", "Bruttopreis", "Gross price"),  # BT-148
    "price_discount": ("Remise sur le prix", "Preisnachlass", "Price discount"),  # BT-147
    "seller_identifier": ("Référence vendeur", "Artikelnr. des Verkäufers", "Seller’s item no."),  # BT-155
    "buyer_identifier": ("Référence acheteur", "Artikelnr. des Käufers", "Buyer’s item no."),  # BT-156
    "standard_identifier": ("Code article", "Artikelcode", "Item code"),  # BT-157
    "classification": ("Classification", "Klassifizierung", "Classification"),  # BT-158
    "attribute": ("Caractéristique", "Eigenschaft", "Property"),  # BG-32
    "country_of_origin": ("Origine", "Ursprungsland", "Origin"),  # BT-159
    # allowances and charges
    "adjustments": ("Remises et frais", "Nachlässe und Zuschläge", "Allowances and charges"),
    "allowance": ("Remise", "Nachlass", "Allowance"),
    "charge": ("Frais", "Zuschlag", "Charge"),
    "kind": ("Nature", "Art", "Kind"),
    "reason": ("Motif", "Grund", "Reason"),
    "base_amount": ("Base", "Grundbetrag", "Base"),
    "percentage": ("Taux", "Prozent", "Percentage"),
    "amount": ("Montant", "Betrag", "Amount"),
    # VAT and totals
    "vat_breakdown": ("Ventilation de la TVA", "Aufschlüsselung der USt", "VAT breakdown"),
    "category": ("Catégorie", "Kategorie", "Category"),  # BT-118
    "rate": ("Taux", "Satz", "Rate"),  # BT-119
    "taxable_amount": ("Base imposable", "Bemessungsgrundlage", "Taxable amount"),  # BT-116
    "tax_amount": ("Montant de TVA", "Steuerbetrag", "VAT amount"),  # BT-117
    "exemption_reason": ("Motif d’exonération", "Befreiungsgrund", "Exemption reason"),  # BT-120, BT-121
    "totals": ("Totaux", "Summen", "Totals"),
    "line_net": ("Total des lignes HT", "Summe der Positionen", "Sum of lines"),  # BT-106
    "allowances": ("Total des remises", "Summe der Nachlässe", "Sum of allowances"),  # BT-107
    "charges": ("Total des frais", "Summe der Zuschläge", "Sum of charges"),  # BT-108
    "without_vat": ("Total HT", "Summe netto", "Total without VAT"),  # BT-109
    "vat_total": ("Total TVA", "Umsatzsteuer", "Total VAT"),  # BT-110
    "vat_in_accounting_currency": ("Total TVA en devise de comptabilisation", "Umsatzsteuer in Buchungswährung", "Total VAT in accounting currency"),  # BT-111
    "with_vat": ("Total TTC", "Summe brutto", "Total with VAT"),  # BT-112
    "paid": ("Déjà payé", "Bereits gezahlt", "Paid"),  # BT-113
    "rounding": ("Arrondi", "Rundung", "Rounding"),  # BT-114
    "due": ("Net à payer", "Zahlbetrag", "Amount due"),  # BT-115
    # payment
    "payment": ("Paiement", "Zahlung", "Payment"),
    "payment_terms": ("Conditions de paiement", "Zahlungsbedingungen", "Payment terms"),  # BT-20
    "means": ("Moyen de paiement", "Zahlungsart", "Means of payment"),  # BT-81, BT-82
    "remittance_information": ("Référence à rappeler", "Verwendungszweck", "Remittance information"),  # BT-83
    "account": ("Compte", "Konto", "Account"),  # BT-84
    "account_name": ("Titulaire du compte", "Kontoinhaber", "Account name"),  # BT-85
    "provider": ("BIC", "BIC", "BIC"),  # BT-86
    "card": ("Carte", "Karte", "Card"),  # BT-87
    "card_holder": ("Porteur de la carte", "Karteninhaber", "Card holder"),  # BT-88
    "mandate_reference": ("Mandat de prélèvement", "Lastschriftmandat", "Direct debit mandate"),  # BT-89
    "creditor_identifier": ("Identifiant du créancier", "Gläubiger-ID", "Creditor identifier"),  # BT-90
    "debited_account": ("Compte débité", "Belastetes Konto", "Debited account"),  # BT-91
    # notes and documents
    "notes": ("Notes", "Hinweise", "Notes"),
    "note": ("Note", "Hinweis", "Note"),
    "documents": ("Pièces jointes et justificatifs", "Anlagen und Belege", "Supporting documents"),
    "document": ("Document", "Dokument", "Document"),
    "attached": ("pièce jointe", "Anlage", "attached"),
    # what the law asks for, and what is for programs more than for readers
    "mentions": ("Mentions légales", "Rechtliche Angaben", "Legal statements"),
    "operation": ("Catégorie d’opération", "Art des Umsatzes", "Category of operation"),
    "self_billing": ("Autofacturation", "Gutschrift", "Self-billing"),
    "reverse_charge": ("Autoliquidation", "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
    "vat_on_debits": ("Option pour le paiement de la taxe d’après les débits", "Option zur Besteuerung nach vereinbarten Entgelten (Frankreich)", "Option to pay VAT on debits (France)"),
    "vat_group_member": ("Membre d’un assujetti unique", "Mitglied einer Mehrwertsteuergruppe", "Member of a VAT group"),
    "technical": ("Traitement", "Verarbeitung", "Processing"),
    "payment_code": ("Code de paiement", "Zahlungscode", "Payment code"),
    "payment_code_alt": ("Code QR d’un virement SEPA, EPC069-12", "QR-Code einer SEPA-Überweisung, EPC069-12", "QR code of a SEPA credit transfer, EPC069-12"),
    # extensions: the document
    "test": ("TEST – ceci n’est pas une facture", "TEST – keine Rechnung", "TEST – not an invoice"),
    "copy": ("DUPLICATA", "KOPIE", "COPY"),
    "delivery_note": ("Bon de livraison", "Lieferschein", "Delivery note"),
    "exchange": ("Taux de change", "Wechselkurs", "Exchange rate"),
    "delivery_terms": ("Conditions de livraison", "Lieferbedingungen", "Delivery terms"),
    "role": ("Rôle", "Rolle", "Role"),
    "sales_agent": ("Agent du vendeur", "Vertreter des Verkäufers", "Sales agent"),
    "buyer_agent": ("Agent de l’acheteur", "Vertreter des Käufers", "Buyer’s agent"),
    "invoicer": ("Facturant", "Rechnungssteller", "Invoicer"),
    "invoicee": ("Facturé à", "Rechnungsempfänger", "Invoicee"),
    "payer": ("Payeur", "Zahler", "Payer"),
    "ship_from": ("Expédié par", "Versand durch", "Shipped from"),
    "ultimate_ship_to": ("Destinataire final", "Endempfänger", "Ultimate recipient"),
    "partial_amount": ("Montant partiel", "Teilbetrag", "Partial amount"),
    "discount": ("Escompte", "Skonto", "Early payment discount"),
    "penalty": ("Pénalité de retard", "Verzugszinsen", "Late payment penalty"),
    "instalment": ("Échéance", "Teilzahlung", "Instalment"),
    "third_party_payment": ("Encaissé pour un tiers", "Für Dritte eingezogen", "Collected for a third party"),
    "advance_payment": ("Acompte", "Anzahlung", "Advance payment"),
    # extensions: lines
    "part_of": ("Détail de la ligne", "Teil von Position", "Part of line"),
    "line_type": ("Type de ligne", "Positionsart", "Line type"),
    "line_status": ("Statut", "Status", "Status"),
    "package": ("Conditionnement", "Verpackung", "Packaging"),
    "included_item": ("Comprend", "Enthält", "Includes"),
    "gross_amount": ("Montant TTC", "Brutto", "Amount with VAT"),
    "allowance_charge_total": ("Remises et frais", "Nachlässe und Zuschläge", "Allowances and charges"),
}

#: UNTDID 1001, invoices that the buyer makes out.
SELF_BILLED = frozenset(("261", "262", "389", "471", "473", "500", "501", "502"))

#: UNTDID 1001, the codes that EN 16931 invoices use most.
DOCUMENT_TYPES: dict[str, tuple[str, str, str]] = {
    "261": ("Avoir auto-facturé", "Gutschrift (Selbstfakturierung)", "Self-billed credit note"),
    "262": ("Avoir global", "Sammelkorrektur", "Consolidated credit note"),
    "326": ("Facture partielle", "Teilrechnung", "Partial invoice"),
    "380": ("Facture", "Rechnung", "Invoice"),
    "381": ("Avoir", "Rechnungskorrektur", "Credit note"),
    "384": ("Facture rectificative", "Korrigierte Rechnung", "Corrected invoice"),
    "386": ("Facture d’acompte", "Vorauszahlungsrechnung", "Prepayment invoice"),
    "389": ("Facture auto-facturée", "Gutschriftsverfahren (Selbstfakturierung)", "Self-billed invoice"),
    "393": ("Facture affacturée", "Factoringrechnung", "Factored invoice"),
    "396": ("Avoir affacturé", "Factoring-Gutschrift", "Factored credit note"),
    "471": ("Facture rectificative auto-facturée", "Korrigierte Rechnung (Selbstfakturierung)", "Self-billed corrected invoice"),
    "472": ("Facture rectificative affacturée", "Korrigierte Factoringrechnung", "Factored corrected invoice"),
    "473": ("Facture rectificative auto-facturée et affacturée", "Korrigierte Factoringrechnung (Selbstfakturierung)", "Self-billed factored corrected invoice"),
    "500": ("Facture d’acompte auto-facturée", "Vorauszahlungsrechnung (Selbstfakturierung)", "Self-billed prepayment invoice"),
    "501": ("Facture auto-facturée et affacturée", "Factoringrechnung (Selbstfakturierung)", "Self-billed factored invoice"),
    "502": ("Avoir auto-facturé et affacturé", "Factoring-Gutschrift (Selbstfakturierung)", "Self-billed factored credit note"),
    "503": ("Avoir d’acompte", "Gutschrift zur Vorauszahlung", "Prepayment credit note"),
    "751": ("Facture pour information", "Rechnung zur Information", "Invoice for information"),
    "875": ("Facture de travaux partielle", "Abschlagsrechnung (Bau)", "Partial construction invoice"),
    "876": ("Facture de travaux partielle finale", "Teilschlussrechnung (Bau)", "Partial final construction invoice"),
    "877": ("Facture de travaux finale", "Schlussrechnung (Bau)", "Final construction invoice"),
}

#: UNTDID 5305, the subset of EN 16931.
VAT_CATEGORIES: dict[str, tuple[str, str, str]] = {
    "S": ("taux normal ou réduit", "Normal- oder ermäßigter Satz", "standard or reduced rate"),
    "Z": ("taux zéro", "Nullsatz", "zero rate"),
    "E": ("exonéré", "steuerbefreit", "exempt"),
    "AE": ("autoliquidation", "Steuerschuldnerschaft des Leistungsempfängers", "reverse charge"),
    "K": ("livraison intracommunautaire", "innergemeinschaftliche Lieferung", "intra-Community supply"),
    "G": ("exportation hors UE", "Ausfuhr", "export outside the EU"),
    "O": ("hors champ de la TVA", "nicht steuerbar", "outside the scope of VAT"),
    "L": ("IGIC (Canaries)", "IGIC (Kanaren)", "IGIC (Canary Islands)"),
    "M": ("IPSI (Ceuta, Melilla)", "IPSI (Ceuta, Melilla)", "IPSI (Ceuta, Melilla)"),
}

#: UNTDID 4461, the codes in common use.
PAYMENT_MEANS: dict[str, tuple[str, str, str]] = {
    "10": ("Espèces", "Barzahlung", "Cash"),
    "20": ("Chèque", "Scheck", "Cheque"),
    "30": ("Virement", "Überweisung", "Credit transfer"),
    "31": ("Virement", "Überweisung", "Debit transfer"),
    "42": ("Versement sur un compte", "Zahlung auf Konto", "Payment to bank account"),
    "48": ("Carte bancaire", "Kartenzahlung", "Bank card"),
    "49": ("Prélèvement", "Lastschrift", "Direct debit"),
    "54": ("Carte de crédit", "Kreditkarte", "Credit card"),
    "55": ("Carte de débit", "Debitkarte", "Debit card"),
    "57": ("Accord permanent", "Dauerauftrag", "Standing agreement"),
    "58": ("Virement SEPA", "SEPA-Überweisung", "SEPA credit transfer"),
    "59": ("Prélèvement SEPA", "SEPA-Lastschrift", "SEPA direct debit"),
    "68": ("Service de paiement en ligne", "Online-Zahlungsdienst", "Online payment service"),
    "97": ("Compensation", "Verrechnung", "Clearing between partners"),
}

#: BT-8: UNTDID 2005 as EN 16931 uses it, and UNTDID 2475 as CII does.
TAX_POINTS: dict[str, tuple[str, str, str]] = {
    "3": ("date de la facture", "Rechnungsdatum", "invoice date"),
    "5": ("date de la facture", "Rechnungsdatum", "invoice date"),
    "35": ("date de livraison", "Lieferdatum", "delivery date"),
    "29": ("date de livraison", "Lieferdatum", "delivery date"),
    "432": ("date de paiement", "Zahlungsdatum", "date of payment"),
    "72": ("date de paiement", "Zahlungsdatum", "date of payment"),
}

#: VATEX, the reasons of French and cross-border invoices: shown where no text is given.
EXEMPTIONS: dict[str, tuple[str, str, str]] = {
    "VATEX-EU-AE": ("Autoliquidation", "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
    "VATEX-EU-G": ("Exportation hors de l’Union européenne", "Ausfuhrlieferung", "Export outside the EU"),
    "VATEX-EU-IC": ("Livraison intracommunautaire exonérée", "Steuerfreie innergemeinschaftliche Lieferung", "Exempt intra-Community supply"),
    "VATEX-EU-O": ("Hors champ de la TVA", "Nicht steuerbar", "Outside the scope of VAT"),
    "VATEX-FR-FRANCHISE": ("TVA non applicable, art. 293 B du CGI", "Kleinunternehmer, Art. 293 B CGI", "VAT not applicable, art. 293 B CGI"),
}

#: BT-23 of French invoices, by its letter.
OPERATIONS: dict[str, tuple[str, str, str]] = {
    "B": ("Livraison de biens", "Lieferung von Gegenständen", "Supply of goods"),
    "S": ("Prestation de services", "Dienstleistung", "Supply of services"),
    "M": ("Livraison de biens et prestation de services", "Lieferung von Gegenständen und Dienstleistung", "Supply of goods and of services"),
}

#: UNTDID 4451, the subjects that French and German invoices use.
NOTE_SUBJECTS: dict[str, tuple[str, str, str]] = {
    "AAB": ("Escompte", "Skonto", "Early payment discount"),
    "AAI": ("Information générale", "Allgemeine Angaben", "General information"),
    "AAK": ("Conditions tarifaires", "Preiskonditionen", "Price conditions"),
    "ABL": ("Mentions légales", "Rechtliche Angaben", "Legal information"),
    "ACB": ("Information complémentaire", "Zusätzliche Angaben", "Additional information"),
    "BAR": ("Traitement demandé", "Gewünschte Verarbeitung", "Processing wanted"),
    "CUS": ("Douane", "Zoll", "Customs"),
    "PMD": ("Pénalités de retard", "Verzugszinsen", "Late payment penalties"),
    "PMT": ("Frais de recouvrement", "Mahnkosten", "Recovery costs"),
    "REG": ("Informations réglementaires", "Regulatorische Angaben", "Regulatory information"),
    "SUR": ("Remarque du vendeur", "Anmerkung des Verkäufers", "Supplier remark"),
    "TXD": ("Taxes", "Steuern", "Tax declaration"),
}

#: UN/ECE Recommendation 20 and 21, the units in common use; the plural stands behind a bar.
UNITS: dict[str, tuple[str, str, str]] = {
    "ACT": ("activité|activités", "Tätigkeit|Tätigkeiten", "activity|activities"),
    "ANN": ("an|ans", "Jahr|Jahre", "year|years"),
    "C62": ("unité|unités", "Einheit|Einheiten", "unit|units"),
    "CMT": ("cm", "cm", "cm"),
    "DAY": ("jour|jours", "Tag|Tage", "day|days"),
    "DZN": ("douzaine|douzaines", "Dutzend", "dozen"),
    "E48": ("prestation|prestations", "Leistung|Leistungen", "service unit|service units"),
    "EA": ("pièce|pièces", "Stück", "each"),
    "GRM": ("g", "g", "g"),
    "GWH": ("GWh", "GWh", "GWh"),
    "H87": ("pièce|pièces", "Stück", "piece|pieces"),
    "HLT": ("hl", "hl", "hl"),
    "HUR": ("h", "h", "h"),
    "KGM": ("kg", "kg", "kg"),
    "KMT": ("km", "km", "km"),
    "KWH": ("kWh", "kWh", "kWh"),
    "KWT": ("kW", "kW", "kW"),
    "LS": ("forfait|forfaits", "pauschal", "lump sum|lump sums"),
    "LTR": ("l", "l", "l"),
    "MIN": ("min", "min", "min"),
    "MLT": ("ml", "ml", "ml"),
    "MON": ("mois", "Monat|Monate", "month|months"),
    "MTK": ("m²", "m²", "m²"),
    "MTQ": ("m³", "m³", "m³"),
    "MTR": ("m", "m", "m"),
    "MWH": ("MWh", "MWh", "MWh"),
    "NAR": ("article|articles", "Artikel", "article|articles"),
    "P1": ("%", "%", "%"),
    "PR": ("paire|paires", "Paar", "pair|pairs"),
    "SEC": ("s", "s", "s"),
    "SET": ("lot|lots", "Satz|Sätze", "set|sets"),
    "TNE": ("t", "t", "t"),
    "WEE": ("semaine|semaines", "Woche|Wochen", "week|weeks"),
    "XBG": ("sac|sacs", "Beutel", "bag|bags"),
    "XBO": ("bouteille|bouteilles", "Flasche|Flaschen", "bottle|bottles"),
    "XBX": ("boîte|boîtes", "Karton|Kartons", "box|boxes"),
    "XCS": ("caisse|caisses", "Kiste|Kisten", "case|cases"),
    "XCT": ("carton|cartons", "Karton|Kartons", "carton|cartons"),
    "XPA": ("paquet|paquets", "Paket|Pakete", "packet|packets"),
    "XPK": ("colis", "Packung|Packungen", "package|packages"),
    "XPP": ("pièce|pièces", "Stück", "piece|pieces"),
    "XPU": ("plateau|plateaux", "Steige|Steigen", "tray|trays"),
    "XPX": ("palette|palettes", "Palette|Paletten", "pallet|pallets"),
    "XRO": ("rouleau|rouleaux", "Rolle|Rollen", "roll|rolls"),
}

#: ISO 6523 ICD and EAS, the schemes with a name of their own.
SCHEMES: dict[str, str] = {
    "0002": "SIREN",
    "0009": "SIRET",
    "0060": "DUNS",
    "0088": "GLN",
    "0160": "GTIN",
    "0204": "Leitweg-ID",
    "EM": "e-mail",
}
# fmt: on
