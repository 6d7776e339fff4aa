## Ce que lit une personne qui signale quelque chose

cases-kind-failure = Défaillance
cases-kind-failure-hint = Quelque chose n’a pas fonctionné comme promis.
cases-kind-incident = Incident
cases-kind-incident-hint = Quelque chose a nui, ou aurait pu nuire, à la sécurité, à la disponibilité ou à la confidentialité.
cases-kind-concern = Préoccupation
cases-kind-concern-hint = Quelque chose paraît anormal et n’a pas encore failli.
cases-kind-complaint = Réclamation
cases-kind-complaint-hint = Vous n’êtes pas satisfait de la manière dont quelque chose a été fait.
cases-state-new = Nouveau
cases-state-acknowledged = Confirmé
cases-state-in-progress = En cours
cases-state-awaiting-reporter = En attente de la personne qui a signalé
cases-state-awaiting-vendor = En attente d’un fournisseur
cases-state-awaiting-internal = En attente d’un point interne
cases-state-resolved = Résolu
cases-state-closed = Clos
cases-state-withdrawn = Retiré
cases-number = Numéro de suivi
cases-code = Code de retour
cases-code-hint = Il a été affiché une seule fois, après l’envoi. Majuscules, espaces et traits d’union n’ont pas d’importance.
cases-reported = Signalé
cases-messages = Messages avec la personne qui a signalé
cases-report-question = Que voulez-vous signaler à { $party } ?
cases-report-answer = Aucun compte n’est nécessaire. Dites ce qui s’est passé, en quelques mots puis en détail ; le reste peut rester vide.
cases-report-follow = Vous avez déjà signalé quelque chose ? Voyez où en est votre signalement
cases-report-kind = De quoi s’agit-il ?
cases-report-title = En quelques mots
cases-report-description = Que s’est-il passé ?
cases-report-occurred = Quand est-ce arrivé (UTC) ? Facultatif
cases-report-occurred-hint = Date et heure UTC ; laissez vide si vous ne savez pas.
cases-report-occurred-wrong = Écrivez la date et l’heure comme 2026-03-09T16:30, en UTC, ou laissez vide.
cases-report-occurred-future = Cette date est dans l’avenir. Quand est-ce arrivé ?
cases-report-contact = Comment vous joindre ? Facultatif
cases-report-contact-hint = Un nom, une adresse électronique ou un numéro de téléphone. Laissez vide si vous signalez anonymement ; vous pourrez tout de même lire les réponses ici.
cases-report-kind-choose = Choisissez ce que vous signalez.
cases-report-about = Qui cela concerne-t-il ? Facultatif
cases-report-about-hint = Des noms de personnes. Quiconque est nommé ici ne lit pas ce signalement et n’est pas interrogé à son sujet.
cases-report-files = Fichiers
cases-report-files-hint = Jusqu’à { $count } fichiers de { $size } au plus chacun. Les programmes et les pages web ne sont pas acceptés. Les images sont transmises en copie, sans lieu, heure ni appareil ; l’original reste scellé. De tels indices ne peuvent pas être retirés des autres fichiers.
cases-report-files-again = Choisissez de nouveau vos fichiers : un formulaire qui revient ne peut pas les garder.
cases-report-privacy = Qui peut savoir que c’était vous ?
cases-report-privacy-choose = Choisissez qui peut savoir que c’était vous.
cases-privacy-open = Les personnes qui s’en occupent
cases-privacy-open-hint = Ce que vous écrivez est lu par les personnes qui s’en occupent, et peut l’être par l’auditeur de l’organisation.
cases-privacy-confidential = Seulement qui ouvre le signalement
cases-privacy-confidential-hint = Ce que vous écrivez est mis sous clé. Seules les personnes chargées des signalements confidentiels peuvent l’ouvrir, chaque ouverture est enregistrée, et l’auditeur ne le peut pas.
cases-privacy-anonymous = Personne : je reste anonyme
cases-privacy-anonymous-hint = Sous clé également. Ni nom, ni adresse, ni appareil, ni heure exacte ne sont conservés. N’écrivez rien qui montre qui vous êtes.
cases-report-contact-anonymous = Vous avez choisi de rester anonyme : rien sur vous n’est conservé. Videz ce champ, ou choisissez plus haut d’être connu.
cases-report-again = Un signalement a déjà été enregistré à partir de ce formulaire. Si vous envoyez de nouveau, ce que vous voyez ici sera enregistré comme un autre signalement.
cases-draft-keep = Garder ce que j’écris sur cet appareil jusqu’à l’envoi
cases-draft-keep-hint = Ne cochez ceci que sur un appareil qui n’est qu’à vous. Sinon, votre brouillon vit aussi longtemps que cet onglet.
cases-draft-restored = Ce que vous aviez écrit est de nouveau là.
cases-file-refused = Tous les fichiers n’ont pas été acceptés. Votre signalement est tout de même enregistré
cases-file-runs = { $name } : les programmes, scripts et pages web ne sont pas acceptés. Envoyez plutôt une image, un PDF ou un texte.
cases-file-large = { $name } : ce fichier dépasse { $size }. Envoyez-le en plusieurs parties.
cases-file-many = { $name } : trop de fichiers à la fois. Ajoutez-le sur la page de votre signalement.
cases-file-taken = { $count ->
    [one] Un fichier a été accepté et scellé.
   *[other] { $count } fichiers ont été acceptés et scellés.
}
cases-file-unstripped = { $count ->
    [one] De l’un d’eux, des traces comme l’auteur ou l’heure de création n’ont pas pu être retirées.
   *[other] De { $count } d’entre eux, des traces comme l’auteur ou l’heure de création n’ont pas pu être retirées.
}
cases-report-code-title = Vous recevrez un code de retour
cases-report-code-before = Après l’envoi, cette page affiche un numéro de suivi et un code de retour. Le code de retour est affiché une seule fois et ne peut être retrouvé, ni par vous ni par personne : lui seul permet de revenir à votre signalement. Préparez de quoi le noter.
cases-report-send = Envoyer le signalement
cases-filed-title = Votre signalement est enregistré
cases-filed-answer = { $party } l’a reçu. Notez les deux lignes avant de quitter cette page.
cases-filed-once-title = Le code de retour n’est affiché qu’une fois
cases-filed-once = Il ne peut être retrouvé, ni par vous ni par personne. Sans lui, personne ne peut revenir à ce signalement en votre nom.
cases-filed-next = La suite
cases-filed-open = Les personnes qui traitent les cas peuvent le lire dès maintenant.
cases-filed-confidential = Ce que vous avez écrit est sous clé. Quiconque l’ouvre est enregistré.
cases-filed-anonymous = Ce que vous avez écrit est sous clé, et rien ne montre que cela vient de vous. Quiconque l’ouvre est enregistré.
cases-filed-next-text = Une personne chargée des cas lit votre signalement et décide de sa gravité. Les questions et réponses pour vous apparaissent sur la page qu’ouvrent le numéro de suivi et le code de retour.
cases-filed-proof = Votre preuve
cases-filed-proof-text = Le reçu montre que ce signalement a été enregistré, et quand. Quiconque détient la clé publique du journal peut le vérifier sans nous demander.
cases-filed-receipt = Afficher le reçu
cases-filed-download = Télécharger le reçu
cases-verify-link = Vérifier un reçu
cases-verify-question = Ce reçu est-il valable ?
cases-verify-answer = Votre navigateur le vérifie lui-même ; le reçu n’est envoyé nulle part.
cases-verify-no-script = Cette page a besoin de script, car c’est votre propre navigateur qui vérifie. Sans script, utilisez la commande « tickmark verify » sur n’importe quel ordinateur.
cases-verify-file = Le reçu sous forme de fichier
cases-verify-text = Ou son texte
cases-verify-key = La clé publique du journal, si vous l’avez d’ailleurs
cases-verify-key-hint = Sans elle, c’est la clé nommée par le reçu lui-même qui sert.
cases-verify-do = Vérifier
cases-verify-empty = Choisissez d’abord un reçu ou collez son texte.
cases-verify-unable = Ce navigateur ne sait pas vérifier les signatures Ed25519, ou cette page n’a pas été ouverte par une connexion sûre. Utilisez un navigateur récent ou la commande « tickmark verify ».
cases-verify-good = Vérifié. Rien dans ce reçu n’a été modifié.
cases-verify-logged = Le journal contient l’inscription : la preuve mène à un état du journal signé par la même clé.
cases-verify-promised = Le journal a signé l’inscription ; sa place était encore à venir quand le reçu a été établi.
cases-verify-as-stated = La clé est celle que nomme le reçu lui-même. Comparez-la à une clé obtenue ailleurs.
cases-verify-bad-key = Non vérifié : le reçu nomme une clé qui n’en est pas une.
cases-verify-other-key = Non vérifié : le reçu nomme une autre clé que la vôtre.
cases-verify-malformed = Non vérifié : le reçu est incomplet ou a été modifié.
cases-verify-bad-signature = Non vérifié : la signature ne correspond pas. Le reçu a été modifié ou n’a pas été établi par ce journal.
cases-verify-bad-proof = Non vérifié : la preuve ne mène pas de l’inscription à l’état signé du journal.
cases-verify-not-a-receipt = Non vérifié : ceci n’est pas un reçu.
cases-verify-away = Sans nous
cases-verify-away-text = La même page en un seul fichier fonctionne sans ce site et sans réseau. Conservez-la avec votre reçu.
cases-verify-download = Télécharger cette page en un fichier
cases-follow-question = Où en est votre signalement ?
cases-follow-answer = Saisissez le numéro de suivi et le code de retour que vous avez reçus.
cases-follow-look = Afficher mon signalement
cases-follow-unknown = Aucun signalement n’a ce numéro de suivi avec ce code de retour. Vérifiez les deux et réessayez.
cases-follow-more = Voulez-vous ajouter quelque chose ?
cases-follow-text = Que voulez-vous dire ?
cases-follow-say = Envoyer
cases-follow-said = Ce que vous avez écrit est enregistré avec votre signalement.
cases-follow-destroyed = Ce qui était écrit ici a été détruit à la fin de sa conservation. Le fait du signalement, sa date et son issue restent enregistrés.
cases-follow-none = Pas encore de message
cases-follow-none-text = Les questions et réponses pour vous apparaîtront ici.
cases-followed-question = Où en est le signalement { $number } ?
cases-you = Vous
cases-they = L’organisation
cases-told-new = Votre signalement est enregistré. Personne ne l’a encore confirmé.
cases-told-acknowledged = Quelqu’un a lu votre signalement et l’a confirmé.
cases-told-in-progress = Votre signalement a été évalué et est en cours de traitement.
cases-told-awaiting-reporter = L’organisation attend une réponse de vous.
cases-told-awaiting-vendor = Le travail attend une autre entreprise.
cases-told-awaiting-internal = Le travail attend autre chose dans l’organisation.
cases-told-resolved = Le travail est fait. Si ce n’est pas le cas, dites-le ici.
cases-told-closed = Le cas est clos.
cases-told-withdrawn = Le signalement a été retiré.
cases-promised-acknowledge = Confirmé au plus tard le
cases-promised-answer = Réponse au plus tard le
cases-filed-held-title = Reçu, en attente d’un examen
cases-filed-held = De très nombreux signalements arrivent en ce moment. Le vôtre est conservé ; une personne l’examine dans la journée, puis il suit son cours comme les autres.

## A mail to the reporter

cases-update-subject = Votre signalement { $number }
cases-update-text = { $text }

    Vous pouvez répondre à ce message. Ou ouvrez { $link } avec le numéro de suivi { $number } et le code de retour reçu lors du signalement.
cases-update-text-page = { $text }

    Vous pouvez répondre sur la page de suivi, avec le numéro de suivi { $number } et le code de retour affiché lors du signalement.
