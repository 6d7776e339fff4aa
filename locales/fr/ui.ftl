## Le cadre de chaque page

skip-to-content = Aller au contenu
band-org = Organisation de services
band-firm = Auditeur
band-public = Ouvert à tous
demonstration = Démonstration avec des données fictives
engagement = Mission
engagement-none = Choisir une mission
search = Rechercher
search-label = Rechercher partout
palette-open = Aller à
palette-label = Aller à une page, ou rechercher un numéro, un nom, un mot
close = Fermer
account = Votre compte
theme = Apparence
theme-system = Comme le système
theme-light = Clair
theme-dark = Sombre
sign-in = Se connecter
sign-out = Se déconnecter
rooms = Espaces
waiting-for-you = { $count ->
    [one] élément vous attend
   *[other] éléments vous attendent
}
crumbs = Où vous êtes
tabs = Vues
footer = Chaque chiffre peut être suivi jusqu’à sa preuve.
glossary = Glossaire
language = Langue

## Composants

definition-of = Mode de calcul : { $what }
traced = Rapproché de sa preuve : { $what }
next-step = Prochaine étape
until = avant le { $when }
late-by = en retard de { $span }
left-in = dans { $span }
steps = Étapes
step-done = terminée
firm-only = Réservé au cabinet
recorded-at = Enregistré
proof-entry = Entrée { $index } du journal
proof-pending = Enregistré. Sa place dans le journal suit sous peu.
timeline-more = Entrées antérieures
progress-queued = En attente
progress-running = En cours
progress-done = Terminé
progress-failed = Arrêté par une erreur
progress-cancelled = Annulé
progress-of = { $done } sur { $total }
progress-rate = { $rate } par seconde
progress-remaining = encore { $span } environ
copy = Copier
copied = Copié

## Listes

filters-set = Filtres utilisés
filter-drop = retirer ce filtre
saved-filters = Filtres enregistrés
columns = Colonnes
columns-shown = Colonnes affichées
apply = Appliquer
export-csv = CSV
export-xlsx = XLSX
list-empty = Aucun résultat.
choose = Choisir
row-actions = Actions
pages = Pages : { $what }
pager-shown = { $shown ->
    [one] { $shown } affiché
   *[other] { $shown } affichés
}
pager-shown-of = { $shown } sur { $total } affichés
pager-first = Première page
pager-previous = Page précédente
pager-next = Page suivante

## Formulaires

required = (obligatoire)
choose-one = Choisissez
cancel = Annuler
form-faults = { $count ->
    [one] Un point demande votre attention
   *[other] { $count } points demandent votre attention
}
form-kept = Rien n’a encore été enregistré. Votre saisie est conservée.
field-required = Remplissez « { $field } ».
field-choose = Choisissez une valeur pour « { $field } ».
field-too-long = « { $field } » accepte { $max } caractères au plus ; il y en a { $length }. Raccourcissez le texte.
field-not-a-choice = Choisissez pour « { $field } » l’une des valeurs proposées.
field-not-a-number = « { $field } » attend un nombre, par exemple 12 ou 0.5.
field-not-a-date = « { $field } » attend une date, par exemple 2026-03-09.
field-not-a-time = « { $field } » attend une date et une heure, par exemple 2026-03-09T16:30.
field-not-a-mail-address = « { $field } » attend une adresse telle que nom@example.com.
field-not-a-web-address = « { $field } » attend une adresse commençant par https://.

## Graphiques

chart-data = Les chiffres sous forme de tableau
ui-example-late = { $cases } en retard.
