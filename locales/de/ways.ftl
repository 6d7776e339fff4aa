## Wie man melden kann, für alle

channels-kind-portal = Meldeseite
channels-kind-email = E-Mail
channels-kind-hotline = Meldetelefon
channels-kind-chat = Chat
channels-kind-webform = Formular auf einer anderen Seite
channels-kind-api = Schnittstelle für Programme
channels-kind-third-party = Dritte
channels-kind-in-person = Persönlich
channels-public-question = Wie können Sie { $party } etwas melden?
channels-public-answer = { $count ->
    [0] Zurzeit ist kein Weg offen.
    [one] Es gibt einen Weg. Nutzen Sie ihn für Ausfälle, Vorfälle, Bedenken und Beschwerden.
   *[other] Es gibt { $count } Wege. Wählen Sie den, der Ihnen passt; alle führen zu denselben Menschen.
}
channels-public-for-both = Alle
channels-public-for-external = Kunden und andere
channels-public-for-internal = Menschen, die hier arbeiten
channels-public-none = Hier ist kein Weg für Sie offen
channels-public-none-text = Nutzen Sie die Meldeseite unten; sie ist immer da.
channels-public-address = Wo
channels-public-hours = Erreichbar
channels-public-languages = Sprachen
channels-public-your-name = Ihr Name
channels-public-anonymous = Sie müssen ihn nicht nennen.
channels-public-named = Auf diesem Weg ist zu sehen, wer Sie sind.
channels-public-report = Hier melden
channels-public-text = Dasselbe als reiner Text
channels-public-text-hint = Zum Kopieren in einen Vertrag, ein Handbuch oder eine Seite im Intranet. Der Text entsteht aus dem Verzeichnis; kopieren Sie ihn neu, wenn sich ein Weg ändert.
channels-public-text-file = Als Text öffnen
channels-text-opening = Sie können { $party } Ausfälle, Vorfälle, Bedenken und Beschwerden auf jedem dieser Wege melden:
channels-text-closing = Jede Meldung erhält eine Vorgangsnummer und eine Antwort. Niemand, der in gutem Glauben meldet, hat dadurch Nachteile.
