## Die öffentliche Statusseite, ihre Mails und ihr Feed

status-question = Funktioniert bei { $party } alles?
status-answer-operational = Ja. Alles funktioniert, Stand { $when }.
status-answer-maintenance = Ja, bis auf geplante Arbeiten, die gerade laufen, Stand { $when }.
status-answer-degraded = Überwiegend. Etwas ist langsam oder nicht ganz in Ordnung, Stand { $when }.
status-answer-partial = Nicht alles. Etwas fällt für einige von Ihnen aus, Stand { $when }.
status-answer-major = Nein. Etwas fällt für alle aus, Stand { $when }.
status-component = Teil
status-components = Teile des Systems
status-state = Stand
status-none = Noch ist kein Teil aufgeführt
status-none-text = Was über das System veröffentlicht wird, erscheint unten.
status-incidents = Was nicht funktioniert
status-maintenance = Geplante Arbeiten
status-began = Begann
status-ended = Endete
status-from = Von
status-until = Bis
status-affects = Betrifft
status-what = Was
status-kind = Art
status-kind-incident = Vorfall
status-kind-maintenance = Geplante Arbeiten
status-lasted = Dauerte
status-impact-operational = Funktioniert
status-impact-maintenance = Wird bearbeitet
status-impact-degraded = Langsam oder nicht ganz in Ordnung
status-impact-partial = Fällt teilweise aus
status-impact-major = Fällt aus
status-state-investigating = Die Ursache wird gesucht
status-state-identified = Die Ursache ist bekannt
status-state-monitoring = Behoben, wird beobachtet
status-state-resolved = Vorbei
status-state-scheduled = Geplant
status-state-in-progress = Läuft
status-state-completed = Erledigt
status-state-cancelled = Findet nicht statt
status-said = Was gesagt wurde
status-corrects = Dies berichtigt die Mitteilung vom { $when }.
status-corrected = Dies war falsch. Siehe die Berichtigung vom { $when }.
status-correction = Berichtigung.
status-follow = Benachrichtigt werden
status-follow-question = Von { $party } benachrichtigt werden
status-follow-text = Sie erhalten eine Mail, wenn hier etwas veröffentlicht wird. Zuerst bestätigen Sie das aus Ihrem Postfach; jede Mail hat einen Link zum Abmelden. Melden Sie sich ab, wird Ihre Adresse vergessen.
status-follow-email = Ihre E-Mail-Adresse
status-follow-hint = Sie wird für nichts anderes benutzt.
status-follow-send = Mail zum Bestätigen senden
status-asked = Sehen Sie in Ihr Postfach
status-asked-text = Wenn an die Adresse geschrieben werden kann, ist eine Mail unterwegs. Öffnen Sie den Link darin, um zu bestätigen.
status-confirm-question = Möchten Sie von { $party } benachrichtigt werden?
status-confirm-text = Drücken Sie den Knopf, um Ihre Adresse zu bestätigen.
status-confirm-send = Ja, benachrichtigen
status-confirmed = Sie werden benachrichtigt
status-confirmed-text = Von nun an erhalten Sie eine Mail, sobald etwas veröffentlicht wird.
status-leave-question = Möchten Sie keine Mails von { $party } mehr?
status-leave-text = Drücken Sie den Knopf. Ihre Adresse wird dann vergessen.
status-leave-send = Keine Mails mehr
status-left = Sie erhalten keine Mails mehr
status-left-text = Ihre Adresse wurde vergessen.
status-link-over = Dieser Link gilt nicht mehr
status-link-over-text = Er wurde schon benutzt oder ist abgelaufen. Unten können Sie eine neue Mail anfordern.
status-feed = Atom-Feed
status-feed-title = Status von { $party }
status-history = Was früher veröffentlicht wurde
status-history-question = Was ist bei { $party } geschehen?
status-history-answer = { $count ->
    [0] Nichts wurde veröffentlicht.
    [one] Eine Mitteilung steht hier.
   *[other] { $count } Mitteilungen stehen hier, die neuesten zuerst.
}
status-history-none = Noch wurde nichts veröffentlicht
status-history-none-text = Vorfälle und geplante Arbeiten erscheinen hier und bleiben stehen.
status-older = Ältere
status-now = Der Stand jetzt
status-report = Melden, dass etwas nicht funktioniert
status-one-answer = { $party }: { $state }. Letzte Mitteilung: { $when }.
status-mail-confirm-subject = Bestätigen: Möchten Sie von { $party } benachrichtigt werden?
status-mail-confirm-text = Jemand hat { $party } gebeten, diese Adresse zu benachrichtigen, wenn auf der Statusseite etwas veröffentlicht wird.
    
    Waren Sie es, öffnen Sie diese Seite und drücken Sie den Knopf. Der Link gilt { $days } Tage:
    { $link }
    
    Waren Sie es nicht, tun Sie nichts. Die Adresse wird dann vergessen.
status-mail-subject = { $party }: { $title } ({ $state })
status-mail-foot = Auf der Seite lesen: { $link }
status-mail-leave = Keine Mails mehr: { $link }
