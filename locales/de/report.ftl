## Was ein Mensch liest, der etwas meldet

cases-kind-failure = Ausfall
cases-kind-failure-hint = Etwas hat nicht so funktioniert, wie es zugesagt war.
cases-kind-incident = Vorfall
cases-kind-incident-hint = Etwas hat der Sicherheit, der Verfügbarkeit oder der Vertraulichkeit geschadet oder hätte schaden können.
cases-kind-concern = Bedenken
cases-kind-concern-hint = Etwas sieht falsch aus und hat noch nicht versagt.
cases-kind-complaint = Beschwerde
cases-kind-complaint-hint = Sie sind nicht zufrieden damit, wie etwas getan wurde.
cases-state-new = Neu
cases-state-acknowledged = Bestätigt
cases-state-in-progress = In Arbeit
cases-state-awaiting-reporter = Wartet auf die meldende Person
cases-state-awaiting-vendor = Wartet auf einen Lieferanten
cases-state-awaiting-internal = Wartet auf etwas im Haus
cases-state-resolved = Behoben
cases-state-closed = Abgeschlossen
cases-state-withdrawn = Zurückgezogen
cases-number = Vorgangsnummer
cases-code = Rückkehrcode
cases-code-hint = Er wurde einmal gezeigt, nachdem die Meldung gesendet war. Groß- und Kleinschreibung, Leerzeichen und Bindestriche sind gleich.
cases-reported = Gemeldet
cases-messages = Nachrichten mit der meldenden Person
cases-report-question = Was möchten Sie { $party } melden?
cases-report-answer = Sie brauchen kein Konto. Was geschehen ist, in wenigen Worten und ausführlich, genügt; alles andere dürfen Sie leer lassen.
cases-report-follow = Sie haben schon gemeldet? Sehen Sie, wie weit Ihre Meldung ist
cases-report-kind = Worum geht es?
cases-report-title = In wenigen Worten
cases-report-description = Was ist geschehen?
cases-report-occurred = Wann ist es geschehen (UTC)? Freiwillig
cases-report-occurred-hint = Datum und Uhrzeit in UTC; lassen Sie es leer, wenn Sie es nicht wissen.
cases-report-occurred-wrong = Schreiben Sie Datum und Uhrzeit wie 2026-03-09T16:30, in UTC, oder lassen Sie das Feld leer.
cases-report-occurred-future = Das liegt in der Zukunft. Wann ist es geschehen?
cases-report-contact = Wie sind Sie zu erreichen? Freiwillig
cases-report-contact-hint = Ein Name, eine Mailadresse oder eine Telefonnummer. Lassen Sie es leer, wenn Sie anonym melden; Antworten können Sie trotzdem hier lesen.
cases-report-kind-choose = Wählen Sie, was Sie melden.
cases-report-about = Wen betrifft es? Freiwillig
cases-report-about-hint = Namen von Personen. Wer hier genannt ist, liest diese Meldung nicht und wird nicht dazu gefragt.
cases-report-files = Dateien
cases-report-files-hint = Bis zu { $count } Dateien von je höchstens { $size }. Programme und Webseiten werden nicht angenommen. Bilder werden als Kopie ohne Ort, Zeit und Gerät weitergegeben; das Original bleibt versiegelt. Aus anderen Dateien lassen sich solche Spuren nicht entfernen.
cases-report-files-again = Wählen Sie Ihre Dateien noch einmal: Ein Formular, das zurückkommt, kann sie nicht behalten.
cases-report-privacy = Wer darf wissen, dass Sie es waren?
cases-report-privacy-choose = Wählen Sie, wer wissen darf, dass Sie es waren.
cases-privacy-open = Alle, die daran arbeiten
cases-privacy-open-hint = Was Sie schreiben, lesen die Menschen, die daran arbeiten, und womöglich die Prüfer des Unternehmens.
cases-privacy-confidential = Nur, wer die Meldung öffnet
cases-privacy-confidential-hint = Was Sie schreiben, wird verschlossen. Nur Menschen, denen vertrauliche Meldungen anvertraut sind, können es öffnen; jedes Öffnen wird aufgezeichnet, und die Prüfer können es nicht.
cases-privacy-anonymous = Niemand: Ich bleibe anonym
cases-privacy-anonymous-hint = Ebenfalls verschlossen. Kein Name, keine Adresse, kein Gerät und keine genaue Zeit wird behalten. Schreiben Sie nichts, was zeigt, wer Sie sind.
cases-report-contact-anonymous = Sie wollen anonym bleiben, also wird nichts über Sie behalten. Leeren Sie dieses Feld, oder wählen Sie oben, dass man Sie kennen darf.
cases-report-again = Aus diesem Formular wurde schon eine Meldung aufgezeichnet. Wenn Sie noch einmal senden, wird das, was Sie hier sehen, als weitere Meldung aufgezeichnet.
cases-draft-keep = Behalten, was ich schreibe, auf diesem Gerät, bis ich es sende
cases-draft-keep-hint = Kreuzen Sie das nur auf einem Gerät an, das Ihnen allein gehört. Sonst lebt Ihr Entwurf so lange wie dieser Reiter.
cases-draft-restored = Was Sie vorher geschrieben hatten, ist wieder da.
cases-file-refused = Nicht jede Datei wurde angenommen. Ihre Meldung ist trotzdem aufgezeichnet
cases-file-runs = { $name }: Programme, Skripte und Webseiten werden nicht angenommen. Senden Sie stattdessen ein Bild, ein PDF oder einen Text.
cases-file-large = { $name }: Das ist größer als { $size }. Senden Sie es in Teilen.
cases-file-many = { $name }: Das waren zu viele Dateien auf einmal. Fügen Sie sie auf der Seite Ihrer Meldung hinzu.
cases-file-taken = { $count ->
    [one] Eine Datei wurde angenommen und versiegelt.
   *[other] { $count } Dateien wurden angenommen und versiegelt.
}
cases-file-unstripped = { $count ->
    [one] Aus einer davon ließen sich Spuren wie der Verfasser oder die Zeit der Entstehung nicht entfernen.
   *[other] Aus { $count } davon ließen sich Spuren wie die Verfasser oder die Zeit der Entstehung nicht entfernen.
}
cases-report-code-title = Sie erhalten einen Rückkehrcode
cases-report-code-before = Nach dem Senden zeigt diese Seite eine Vorgangsnummer und einen Rückkehrcode. Der Rückkehrcode wird einmal gezeigt und lässt sich nicht wiederherstellen, weder von Ihnen noch von sonst jemandem: Nur mit ihm kommen Sie zu Ihrer Meldung zurück. Legen Sie sich etwas zum Schreiben bereit.
cases-report-send = Meldung senden
cases-filed-title = Ihre Meldung ist aufgezeichnet
cases-filed-answer = { $party } hat sie. Schreiben Sie beide Zeilen auf, bevor Sie diese Seite verlassen.
cases-filed-once-title = Der Rückkehrcode wird nur einmal gezeigt
cases-filed-once = Er lässt sich nicht wiederherstellen, weder von Ihnen noch von sonst jemandem. Ohne ihn kann niemand in Ihrem Namen zu dieser Meldung zurückkehren.
cases-filed-next = Wie es weitergeht
cases-filed-open = Wer Fälle bearbeitet, kann sie jetzt lesen.
cases-filed-confidential = Was Sie geschrieben haben, ist verschlossen. Wer es öffnet, wird aufgezeichnet.
cases-filed-anonymous = Was Sie geschrieben haben, ist verschlossen, und nichts zeigt, dass es von Ihnen kam. Wer es öffnet, wird aufgezeichnet.
cases-filed-next-text = Jemand, der Fälle bearbeitet, liest Ihre Meldung und entscheidet, wie schwer sie wiegt. Fragen und Antworten an Sie erscheinen auf der Seite, die sich mit Vorgangsnummer und Rückkehrcode öffnet.
cases-filed-proof = Ihr Nachweis
cases-filed-proof-text = Die Quittung zeigt, dass diese Meldung aufgezeichnet wurde, und wann. Jeder mit dem öffentlichen Schlüssel des Protokolls kann sie prüfen, ohne uns zu fragen.
cases-filed-receipt = Quittung zeigen
cases-filed-download = Quittung herunterladen
cases-verify-link = Eine Quittung prüfen
cases-verify-question = Stimmt diese Quittung?
cases-verify-answer = Ihr Browser prüft sie selbst; die Quittung wird nirgendwohin gesendet.
cases-verify-no-script = Diese Seite braucht Skript, weil Ihr eigener Browser prüft. Ohne Skript hilft der Befehl „tickmark verify“ auf jedem Rechner.
cases-verify-file = Die Quittung als Datei
cases-verify-text = Oder ihr Text
cases-verify-key = Der öffentliche Schlüssel des Protokolls, falls Sie ihn von anderswo haben
cases-verify-key-hint = Ohne ihn gilt der Schlüssel, den die Quittung selbst nennt.
cases-verify-do = Prüfen
cases-verify-empty = Wählen Sie zuerst eine Quittung oder fügen Sie ihren Text ein.
cases-verify-unable = Dieser Browser kann keine Ed25519-Signaturen prüfen, oder diese Seite wurde nicht über eine sichere Verbindung geöffnet. Nehmen Sie einen aktuellen Browser oder den Befehl „tickmark verify“.
cases-verify-good = Geprüft. An dieser Quittung wurde nichts verändert.
cases-verify-logged = Das Protokoll enthält den Eintrag: Der Beweis führt zu einem Stand des Protokolls, den derselbe Schlüssel unterschrieben hat.
cases-verify-promised = Das Protokoll hat den Eintrag unterschrieben; sein Platz stand noch aus, als die Quittung entstand.
cases-verify-as-stated = Der Schlüssel ist der, den die Quittung selbst nennt. Vergleichen Sie ihn mit einem, den Sie von anderswo haben.
cases-verify-bad-key = Nicht bestätigt: Die Quittung nennt einen Schlüssel, der keiner ist.
cases-verify-other-key = Nicht bestätigt: Die Quittung nennt einen anderen Schlüssel als den Ihren.
cases-verify-malformed = Nicht bestätigt: Die Quittung ist unvollständig oder wurde verändert.
cases-verify-bad-signature = Nicht bestätigt: Die Unterschrift passt nicht. Die Quittung wurde verändert oder stammt nicht von diesem Protokoll.
cases-verify-bad-proof = Nicht bestätigt: Der Beweis führt nicht vom Eintrag zum unterschriebenen Stand des Protokolls.
cases-verify-not-a-receipt = Nicht bestätigt: Das ist keine Quittung.
cases-verify-away = Ohne uns
cases-verify-away-text = Dieselbe Seite als eine Datei arbeitet ohne diese Website und ohne Netz. Bewahren Sie sie mit Ihrer Quittung auf.
cases-verify-download = Diese Seite als eine Datei herunterladen
cases-follow-question = Wie weit ist Ihre Meldung?
cases-follow-answer = Geben Sie die Vorgangsnummer und den Rückkehrcode ein, die Sie erhalten haben.
cases-follow-look = Meine Meldung zeigen
cases-follow-unknown = Keine Meldung hat diese Vorgangsnummer mit diesem Rückkehrcode. Prüfen Sie beide und versuchen Sie es noch einmal.
cases-follow-more = Möchten Sie etwas hinzufügen?
cases-follow-text = Was möchten Sie sagen?
cases-follow-say = Senden
cases-follow-said = Was Sie geschrieben haben, ist bei Ihrer Meldung aufgezeichnet.
cases-follow-destroyed = Was hier geschrieben stand, wurde am Ende seiner Aufbewahrung vernichtet. Dass gemeldet wurde, wann, und wie es endete, bleibt aufgezeichnet.
cases-follow-none = Noch keine Nachricht
cases-follow-none-text = Fragen und Antworten an Sie erscheinen hier.
cases-followed-question = Wie weit ist die Meldung { $number }?
cases-you = Sie
cases-they = Das Unternehmen
cases-told-new = Ihre Meldung ist aufgezeichnet. Noch hat sie niemand bestätigt.
cases-told-acknowledged = Jemand hat Ihre Meldung gelesen und bestätigt.
cases-told-in-progress = Ihre Meldung wurde beurteilt und wird bearbeitet.
cases-told-awaiting-reporter = Das Unternehmen wartet auf eine Antwort von Ihnen.
cases-told-awaiting-vendor = Die Arbeit wartet auf eine andere Firma.
cases-told-awaiting-internal = Die Arbeit wartet auf etwas anderes im Unternehmen.
cases-told-resolved = Die Arbeit ist getan. Wenn nicht, sagen Sie es hier.
cases-told-closed = Der Fall ist abgeschlossen.
cases-told-withdrawn = Die Meldung wurde zurückgenommen.
cases-promised-acknowledge = Jemand bestätigt sie bis
cases-promised-answer = Sie erhalten eine Antwort bis
cases-filed-held-title = Eingegangen und zur Durchsicht zurückgestellt
cases-filed-held = Im Augenblick gehen sehr viele Meldungen ein. Ihre ist aufbewahrt; innerhalb eines Tages sieht sie ein Mensch an, danach geht es weiter wie bei jeder anderen.

## A mail to the reporter

cases-update-subject = Ihre Meldung { $number }
cases-update-text = { $text }

    Sie können auf diese Mail antworten. Oder öffnen Sie { $link } mit der Vorgangsnummer { $number } und dem Rückkehrcode, den Sie bei der Meldung erhalten haben.
cases-update-text-page = { $text }

    Sie können auf der Seite zur Nachfrage antworten, mit der Vorgangsnummer { $number } und dem Rückkehrcode, der Ihnen bei der Meldung gezeigt wurde.
