# ruff: noqa: E501
"""The words of reports for people, in English, French and German."""

from __future__ import annotations

from einvoice.errors import UsageError

LANGUAGES = ("en", "fr", "de")

#: Word by word in the order of LANGUAGES. Names of verdicts, severities and fates are their keys.
# fmt: off
WORDS: dict[str, tuple[str, str, str]] = {
    "thousands": (",", "\u202f", "."),
    "point": (".", ",", ","),
    "colon": (":", "\u00a0:", ":"),
    "report": ("Validation report", "Rapport de validation", "Prüfbericht"),
    # verdicts and severities
    "valid": ("valid", "valide", "gültig"),
    "invalid": ("invalid", "invalide", "ungültig"),
    "undecided": ("undecided", "indéterminé", "unentschieden"),
    "error": ("error", "erreur", "Fehler"),
    "fatal": ("fatal", "bloquant", "fatal"),
    "warning": ("warning", "avertissement", "Warnung"),
    "information": ("information", "information", "Hinweis"),
    "waived": ("waived", "dérogation", "ausgenommen"),
    "skipped": ("skipped", "non exécuté", "übersprungen"),
    "crashed": ("crashed", "en panne", "abgestürzt"),
    # summary
    "summary": ("Summary", "Synthèse", "Übersicht"),
    "documents_one": ("{} document", "{} document", "{} Dokument"),
    "documents_many": ("{} documents", "{} documents", "{} Dokumente"),
    "in_seconds": ("{documents} in {seconds} s: ", "{documents} en {seconds} s : ", "{documents} in {seconds} s: "),
    "crashed_one": ("{} document crashed us", "{} document nous a mis en panne", "{} Dokument brachte uns zum Absturz"),
    "crashed_many": ("{} documents crashed us", "{} documents nous ont mis en panne", "{} Dokumente brachten uns zum Absturz"),
    "rules_broken": ("Rules broken by most documents", "Règles enfreintes par le plus de documents", "Am häufigsten verletzte Regeln"),
    "not_run": ("Undecided because these did not run", "Indéterminé faute d’exécution de", "Unentschieden, weil dies nicht lief"),
    "per_supplier": ("Per supplier", "Par fournisseur", "Je Lieferant"),
    "per_profile": ("Per profile", "Par profil", "Je Profil"),
    "verdicts": ("Verdicts", "Verdicts", "Ergebnisse"),
    "of_all": ("of all", "du total", "von allen"),
    "nothing_broken": ("No rule was broken.", "Aucune règle enfreinte.", "Keine Regel wurde verletzt."),
    "no_documents": ("There was no document.", "Il n’y avait aucun document.", "Es gab kein Dokument."),
    "other_suppliers": ("other suppliers (beyond the first {})", "autres fournisseurs (au-delà des {} premiers)", "weitere Lieferanten (nach den ersten {})"),
    "other_profiles": ("other profiles", "autres profils", "weitere Profile"),
    "no_supplier": ("(seller unknown)", "(vendeur inconnu)", "(Verkäufer unbekannt)"),
    "no_profile": ("(none)", "(aucun)", "(keines)"),
    "more_rows": ("{} more", "{} de plus", "{} weitere"),
    "beyond": ("{} more are not shown here; the Excel report has all.", "{} de plus ne sont pas affichés ici ; le rapport Excel contient tout.", "{} weitere stehen nicht hier; der Excel-Bericht hat alle."),
    "continued": ("The findings go on in the sheets {}.", "Les constats se poursuivent dans les feuilles {}.", "Die Befunde gehen in den Blättern {} weiter."),
    # columns
    "path": ("File", "Fichier", "Datei"),
    "verdict": ("Verdict", "Verdict", "Ergebnis"),
    "format": ("Format", "Format", "Format"),
    "profile": ("Profile", "Profil", "Profil"),
    "number": ("Number", "Numéro", "Nummer"),
    "issued": ("Issue date", "Date d’émission", "Rechnungsdatum"),
    "seller": ("Seller", "Vendeur", "Verkäufer"),
    "seller_id": ("Seller identifier", "Identifiant du vendeur", "Kennung des Verkäufers"),
    "currency": ("Currency", "Devise", "Währung"),
    "total": ("Total with VAT", "Total TTC", "Gesamtbetrag"),
    "severity": ("Severity", "Gravité", "Schwere"),
    "rule": ("Rule", "Règle", "Regel"),
    "message": ("Message", "Message", "Meldung"),
    "terms": ("Terms", "Termes", "Begriffe"),
    "line": ("Line", "Ligne", "Zeile"),
    "location": ("Location", "Emplacement", "Fundstelle"),
    "evidence": ("Evidence", "Éléments", "Belege"),
    "layer": ("Layer", "Couche", "Schicht"),
    "ruleset": ("Rule set", "Jeu de règles", "Regelwerk"),
    "version": ("Version", "Version", "Version"),
    "waived_because": ("Waived because", "Dérogation", "Ausgenommen, weil"),
    "notes": ("Notes", "Remarques", "Anmerkungen"),
    "documents": ("Documents", "Documents", "Dokumente"),
    "supplier": ("Supplier", "Fournisseur", "Lieferant"),
    "top_rule": ("Most frequent fatal rule", "Règle bloquante la plus fréquente", "Häufigste fatale Regel"),
    "identifier": ("Identifier", "Identifiant", "Kennung"),
    "findings": ("Findings", "Constats", "Befunde"),
    "findings_one": ("{} finding", "{} constat", "{} Befund"),
    "findings_many": ("{} findings", "{} constats", "{} Befunde"),
    "made": ("Made on", "Établi le", "Erstellt am"),
    # page
    "search": ("Search", "Rechercher", "Suchen"),
    "search_hint": ("File, number, seller, rule, message", "Fichier, numéro, vendeur, règle, message", "Datei, Nummer, Verkäufer, Regel, Meldung"),
    "all_verdicts": ("All verdicts", "Tous les verdicts", "Alle Ergebnisse"),
    "all_rules": ("All rules", "Toutes les règles", "Alle Regeln"),
    "all_suppliers": ("All suppliers", "Tous les fournisseurs", "Alle Lieferanten"),
    "order": ("Order", "Ordre", "Reihenfolge"),
    "order_run": ("as judged", "ordre du contrôle", "wie geprüft"),
    "order_grave": ("gravest first", "les plus graves d’abord", "schwerste zuerst"),
    "order_seller": ("by seller", "par vendeur", "nach Verkäufer"),
    "clear": ("Clear filters", "Effacer les filtres", "Filter löschen"),
    "shown": ("{} to {} of {}", "{} à {} sur {}", "{} bis {} von {}"),
    "none_found": ("No document fits.", "Aucun document ne correspond.", "Kein Dokument passt."),
    "previous": ("Previous", "Précédent", "Zurück"),
    "next": ("Next", "Suivant", "Weiter"),
    "lines": ("line", "ligne", "Zeile"),
    "times": ("times", "fois", "Mal"),
    "and_more": ("and {} more", "et {} de plus", "und {} weitere"),
    "groups_cut": ("{} more groups of findings are not shown here; the JSON report has all.", "{} autres groupes de constats ne sont pas affichés ici ; le rapport JSON les contient tous.", "{} weitere Gruppen von Befunden stehen nicht hier; der JSON-Bericht hat alle."),
    "judged_by": ("Passed", "Réussi", "Bestanden"),
    "failed": ("Failed", "Échoué", "Nicht bestanden"),
    "lacking": ("Not run, for want of", "Non exécuté, faute de", "Nicht gelaufen, es fehlt"),
    "no_findings": ("No findings.", "Aucun constat.", "Keine Befunde."),
    "no_script": ("The list of documents needs JavaScript, which is off here. The CSV and Excel reports have all documents, too.", "La liste des documents nécessite JavaScript, désactivé ici. Les rapports CSV et Excel contiennent aussi tous les documents.", "Die Liste der Dokumente braucht JavaScript, das hier abgeschaltet ist. Auch die Berichte als CSV und Excel haben alle Dokumente."),
    "skip": ("To the documents", "Aller aux documents", "Zu den Dokumenten"),
}
# fmt: on


class Words:
    """The words of one language.

    Raises:
        UsageError: another language.
    """

    def __init__(self, language: str = LANGUAGES[0]) -> None:
        if language not in LANGUAGES:
            raise UsageError("language", language, LANGUAGES)
        self.language = language
        self._column = LANGUAGES.index(language)

    def __getitem__(self, key: str) -> str:
        return WORDS[key][self._column]

    def number(self, value: int) -> str:
        """Such as 2,063, as the language groups digits."""
        return f"{value:,}".replace(",", self["thousands"])

    def decimal(self, value: float) -> str:
        """With one digit behind the point."""
        return f"{value:.1f}".replace(".", self["point"])

    def count(self, key: str, value: int) -> str:
        """Such as `1 document` or `2,063 documents`; `key` has the forms `_one` and `_many`."""
        form = "one" if value == 1 or (value == 0 and self.language == "fr") else "many"
        return self[f"{key}_{form}"].format(self.number(value))

    def all(self) -> dict[str, str]:
        """Every word by its key."""
        return {key: self[key] for key in WORDS}
