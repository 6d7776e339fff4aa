## La page d’état publique, ses courriels et son flux

status-question = Tout fonctionne-t-il chez { $party } ?
status-answer-operational = Oui. Tout fonctionne, au { $when }.
status-answer-maintenance = Oui, hormis des travaux prévus qui sont en cours, au { $when }.
status-answer-degraded = Pour l’essentiel. Quelque chose est lent ou pas tout à fait correct, au { $when }.
status-answer-partial = Pas tout. Quelque chose est en panne pour certains d’entre vous, au { $when }.
status-answer-major = Non. Quelque chose est en panne pour tous, au { $when }.
status-component = Élément
status-components = Éléments du système
status-state = État
status-none = Aucun élément n’est encore indiqué
status-none-text = Ce qui est publié sur le système paraît ci-dessous.
status-incidents = Ce qui ne fonctionne pas
status-maintenance = Travaux prévus
status-began = Début
status-ended = Fin
status-from = Du
status-until = Au
status-affects = Concerne
status-what = Quoi
status-kind = Nature
status-kind-incident = Incident
status-kind-maintenance = Travaux prévus
status-lasted = Durée
status-impact-operational = Fonctionne
status-impact-maintenance = En travaux
status-impact-degraded = Lent ou pas tout à fait correct
status-impact-partial = En panne partielle
status-impact-major = En panne
status-state-investigating = La cause est recherchée
status-state-identified = La cause est connue
status-state-monitoring = Réparé, sous surveillance
status-state-resolved = Terminé
status-state-scheduled = Prévu
status-state-in-progress = En cours
status-state-completed = Achevé
status-state-cancelled = N’a pas lieu
status-said = Ce qui a été dit
status-corrects = Ceci corrige ce qui a été dit le { $when }.
status-corrected = Ceci était faux. Voir la correction du { $when }.
status-correction = Correction.
status-follow = Être averti
status-follow-question = Être averti par { $party }
status-follow-text = Vous recevez un courriel quand quelque chose est publié ici. Vous le confirmez d’abord depuis votre boîte, et chaque courriel porte un lien pour vous désinscrire. Votre adresse est alors oubliée.
status-follow-email = Votre adresse électronique
status-follow-hint = Elle ne sert à rien d’autre.
status-follow-send = M’envoyer un courriel de confirmation
status-asked = Regardez votre boîte
status-asked-text = Si l’on peut écrire à cette adresse, un courriel est en route. Ouvrez le lien qu’il contient pour confirmer.
status-confirm-question = Voulez-vous être averti par { $party } ?
status-confirm-text = Appuyez sur le bouton pour confirmer votre adresse.
status-confirm-send = Oui, m’avertir
status-confirmed = Vous serez averti
status-confirmed-text = Vous recevez désormais un courriel dès que quelque chose est publié.
status-leave-question = Ne voulez-vous plus de courriels de { $party } ?
status-leave-text = Appuyez sur le bouton. Votre adresse est alors oubliée.
status-leave-send = Plus de courriels
status-left = Vous ne recevez plus de courriels
status-left-text = Votre adresse a été oubliée.
status-link-over = Ce lien ne fonctionne plus
status-link-over-text = Il a déjà servi ou il a expiré. Vous pouvez demander un nouveau courriel ci-dessous.
status-feed = Flux Atom
status-feed-title = État de { $party }
status-history = Ce qui a été publié auparavant
status-history-question = Que s’est-il passé chez { $party } ?
status-history-answer = { $count ->
    [0] Rien n’a été publié.
    [one] Un avis figure ici.
   *[other] { $count } avis figurent ici, les plus récents d’abord.
}
status-history-none = Rien n’a encore été publié
status-history-none-text = Les incidents et les travaux prévus paraissent ici et y restent.
status-older = Plus anciens
status-now = L’état actuel
status-report = Signaler que quelque chose ne fonctionne pas
status-one-answer = { $party } : { $state }. Dernière annonce : { $when }.
status-mail-confirm-subject = À confirmer : voulez-vous être averti par { $party } ?
status-mail-confirm-text = Quelqu’un a demandé à { $party } d’avertir cette adresse quand quelque chose est publié sur sa page d’état.
    
    Si c’était vous, ouvrez cette page et appuyez sur le bouton. Le lien vaut { $days } jours :
    { $link }
    
    Si ce n’était pas vous, ne faites rien. L’adresse est alors oubliée.
status-mail-subject = { $party } : { $title } ({ $state })
status-mail-foot = Lire sur la page : { $link }
status-mail-leave = Plus de courriels : { $link }
