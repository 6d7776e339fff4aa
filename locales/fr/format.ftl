## Nombres, dates, durées

format-percent = { $number } %
format-date = { $day ->
    [1] 1er
   *[other] { $day }
 } { $month } { $year }
format-moment = { $date }, { $time } { $zone }
format-due = { $weekday } { $moment }
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
day-mon = lundi
day-tue = mardi
day-wed = mercredi
day-thu = jeudi
day-fri = vendredi
day-sat = samedi
day-sun = dimanche
span-days = { $n } j
span-hours = { $n } h
span-minutes = { $n } min
span-seconds = { $n } s
