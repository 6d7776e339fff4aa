## Une enquête telle qu’on y répond

survey-asks = { $party } vous interroge. Réponses acceptées jusqu’au { $until }.
survey-anonymous = Personne n’apprend qui vous êtes
survey-anonymous-text = Vos réponses sont gardées sans nom, adresse ni heure, et personne ne les lit avant la clôture. Les chiffres de moins de cinq personnes ne sont pas montrés. Ce que vous écrivez avec vos mots peut vous trahir : n’écrivez pas de noms.
survey-named = Vos réponses sont vues avec votre adresse
survey-named-text = Qui vous interroge voit ce que vous avez répondu.
survey-segment = Auquel de ces groupes appartenez-vous ?
survey-segment-hint = Laissez vide si vous préférez ne pas le dire.
survey-agree-1 = Pas du tout
survey-agree-2 = Plutôt pas
survey-agree-3 = En partie
survey-agree-4 = Plutôt oui
survey-agree-5 = Tout à fait
survey-answer-yes = Oui
survey-answer-no = Non
survey-send = Envoyer mes réponses
survey-thanks = Merci
survey-thanks-text = Vos réponses sont arrivées. Vous pouvez fermer cette page.
survey-used = On a déjà répondu à cette invitation
survey-used-text = La première réponse compte. Merci.
survey-over = On ne peut plus répondre à cette enquête
survey-over-text = Elle est close, ou le lien n’est pas complet.
survey-mail-subject = { $party } vous interroge : { $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    Répondez avant le { $until } :
    { $link }
survey-mail-anonymous = Personne n’apprend qui a répondu quoi : le lien permet à une personne de répondre une fois et il est gardé à part de la réponse.
survey-mail-named = Vos réponses sont vues avec votre adresse.
