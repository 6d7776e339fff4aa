## Eine Umfrage, wie sie beantwortet wird

survey-asks = { $party } fragt. Antworten werden bis { $until } angenommen.
survey-anonymous = Niemand erfährt, wer Sie sind
survey-anonymous-text = Ihre Antworten werden ohne Namen, Adresse oder Zeit aufbewahrt, und niemand liest sie, bevor die Umfrage geschlossen ist. Zahlen von weniger als fünf Personen werden nicht gezeigt. Was Sie in eigenen Worten schreiben, kann Sie verraten: Schreiben Sie keine Namen.
survey-named = Ihre Antworten werden mit Ihrer Adresse gesehen
survey-named-text = Wer fragt, sieht, was Sie geantwortet haben.
survey-segment = Wozu gehören Sie?
survey-segment-hint = Lassen Sie es offen, wenn Sie es lieber nicht sagen.
survey-agree-1 = Gar nicht
survey-agree-2 = Eher nicht
survey-agree-3 = Teilweise
survey-agree-4 = Überwiegend
survey-agree-5 = Ganz
survey-answer-yes = Ja
survey-answer-no = Nein
survey-send = Antworten senden
survey-thanks = Danke
survey-thanks-text = Ihre Antworten sind angekommen. Sie können diese Seite schließen.
survey-used = Diese Einladung wurde schon beantwortet
survey-used-text = Die erste Antwort zählt. Danke.
survey-over = Diese Umfrage kann nicht mehr beantwortet werden
survey-over-text = Sie ist geschlossen, oder der Link ist nicht vollständig.
survey-mail-subject = { $party } fragt: { $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    Antworten Sie bis { $until }:
    { $link }
survey-mail-anonymous = Niemand erfährt, wer was geantwortet hat: Der Link lässt eine Person einmal antworten und wird getrennt von der Antwort aufbewahrt.
survey-mail-named = Ihre Antworten werden mit Ihrer Adresse gesehen.
