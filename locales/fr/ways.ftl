## Comment signaler, pour tout le monde

channels-kind-portal = Page de signalement
channels-kind-email = Courriel
channels-kind-hotline = Ligne téléphonique
channels-kind-chat = Messagerie instantanée
channels-kind-webform = Formulaire sur un autre site
channels-kind-api = Interface pour programmes
channels-kind-third-party = Tiers
channels-kind-in-person = En personne
channels-public-question = Comment faire un signalement à { $party } ?
channels-public-answer = { $count ->
    [0] Aucune voie n’est ouverte pour le moment.
    [one] Il existe une voie. Utilisez-la pour les défaillances, les incidents, les inquiétudes et les réclamations.
   *[other] Il existe { $count } voies. Choisissez celle qui vous convient ; toutes mènent aux mêmes personnes.
}
channels-public-for-both = Tout le monde
channels-public-for-external = Clients et autres
channels-public-for-internal = Personnes qui travaillent ici
channels-public-none = Aucune voie n’est ouverte pour vous ici
channels-public-none-text = Utilisez la page de signalement ci-dessous ; elle est toujours là.
channels-public-address = Où
channels-public-hours = Horaires
channels-public-languages = Langues
channels-public-your-name = Votre nom
channels-public-anonymous = Vous n’avez pas à le donner.
channels-public-named = Cette voie montre qui vous êtes.
channels-public-report = Signaler ici
channels-public-text = La même chose en texte brut
channels-public-text-hint = À copier dans un contrat, un manuel ou une page d’intranet. Ce texte est produit à partir du registre ; copiez-le de nouveau quand une voie change.
channels-public-text-file = Ouvrir comme texte
channels-text-opening = Vous pouvez signaler des défaillances, des incidents, des inquiétudes et des réclamations à { $party } par chacune de ces voies :
channels-text-closing = Chaque signalement reçoit un numéro de suivi et une réponse. Personne ne subit de préjudice pour avoir signalé de bonne foi.
