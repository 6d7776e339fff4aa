## Der Rahmen jeder Seite

skip-to-content = Zum Inhalt
band-org = Dienstleistungsunternehmen
band-firm = Prüfer
band-public = Offen für alle
demonstration = Vorführung mit erfundenen Daten
engagement = Prüfungsauftrag
engagement-none = Prüfungsauftrag wählen
search = Suchen
search-label = Alles durchsuchen
palette-open = Gehe zu
palette-label = Zu einer Seite gehen oder nach Nummer, Name oder Wort suchen
close = Schließen
account = Ihr Konto
theme = Darstellung
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
sign-in = Anmelden
sign-out = Abmelden
rooms = Bereiche
waiting-for-you = { $count ->
    [one] Vorgang wartet auf Sie
   *[other] Vorgänge warten auf Sie
}
crumbs = Wo Sie sind
tabs = Ansichten
footer = Jede Zahl hier lässt sich bis zu ihrem Nachweis verfolgen.
glossary = Glossar
language = Sprache

## Bausteine

definition-of = Wie { $what } gezählt wird
traced = Bis zum Nachweis verfolgt: { $what }
next-step = Nächster Schritt
until = bis { $when }
late-by = { $span } überfällig
left-in = in { $span }
steps = Schritte
step-done = erledigt
firm-only = Nur für den Prüfer
recorded-at = Erfasst
proof-entry = Eintrag { $index } im Protokoll
proof-pending = Erfasst. Der Platz im Protokoll folgt in Kürze.
timeline-more = Frühere Einträge
progress-queued = Wartet
progress-running = Läuft
progress-done = Fertig
progress-failed = Durch einen Fehler beendet
progress-cancelled = Abgebrochen
progress-of = { $done } von { $total }
progress-rate = { $rate } je Sekunde
progress-remaining = noch etwa { $span }
copy = Kopieren
copied = Kopiert

## Listen

filters-set = Verwendete Filter
filter-drop = diesen Filter entfernen
saved-filters = Gespeicherte Filter
columns = Spalten
columns-shown = Angezeigte Spalten
apply = Anwenden
export-csv = CSV
export-xlsx = XLSX
list-empty = Nichts passt.
choose = Auswählen
row-actions = Aktionen
pages = Seiten: { $what }
pager-shown = { $shown } angezeigt
pager-shown-of = { $shown } von { $total } angezeigt
pager-first = Erste Seite
pager-previous = Vorige Seite
pager-next = Nächste Seite

## Formulare

required = (erforderlich)
choose-one = Bitte wählen
cancel = Abbrechen
form-faults = { $count ->
    [one] Eine Angabe braucht Ihre Aufmerksamkeit
   *[other] { $count } Angaben brauchen Ihre Aufmerksamkeit
}
form-kept = Es wurde noch nichts gespeichert. Ihre Eingaben sind erhalten.
field-required = Füllen Sie „{ $field }“ aus.
field-choose = Wählen Sie etwas für „{ $field }“.
field-too-long = „{ $field }“ fasst höchstens { $max } Zeichen; das sind { $length }. Kürzen Sie den Text.
field-not-a-choice = Wählen Sie für „{ $field }“ einen der angebotenen Werte.
field-not-a-number = „{ $field }“ verlangt eine Zahl, zum Beispiel 12 oder 0.5.
field-not-a-date = „{ $field }“ verlangt ein Datum, zum Beispiel 2026-03-09.
field-not-a-time = „{ $field }“ verlangt Datum und Uhrzeit, zum Beispiel 2026-03-09T16:30.
field-not-a-mail-address = „{ $field }“ verlangt eine Adresse wie name@example.com.
field-not-a-web-address = „{ $field }“ verlangt eine Adresse, die mit https:// beginnt.

## Diagramme

chart-data = Die Zahlen als Tabelle
ui-example-late = { $cases } sind überfällig.
