clocks-mail-subject = Case { $number }: { $why }
clocks-mail-text =
    Case { $number } needs you: { $why }.
    { $due }

    { $link }

    This message says nothing of what was reported. You receive it because the reporting policy names
    you for this moment.
clocks-mail-due = The promise concerned falls due, or fell due, at { $due }.
clocks-alarm-subject = Escalation did not do what the policy plans
clocks-alarm-text =
    The watchdog went over the open cases and found:

    { $missing } rungs of the ladder that had to be climbed and were not,
    { $silent } open cases for which nothing is planned,
    { $nobody } cases for which nobody could be told.

    The page "Escalation" lists them. Look at it now: nobody else may be told.
clocks-question = What is promised about case { $number }?
clocks-answer = { $late ->
    [0] { $open } promises wait, and none is overdue.
    [one] { $open } promises wait, one of them is overdue.
   *[other] { $open } promises wait, { $late } of them are overdue.
}
clocks-nothing = Nothing is promised about this case.
clocks-nothing-text = No reporting policy was in force when it came in, or it was taken over from another register.
clocks-duty = Duty { $duty }
clocks-running = Running
clocks-kept = Kept
clocks-late = Kept late
clocks-overdue = Overdue
clocks-superseded = Replaced
clocks-promises = Promises
clocks-clock = Promise
clocks-severity = Severity
clocks-target = Target
clocks-from = Counted from
clocks-due = Falls due
clocks-stopped = Ended
clocks-state = State
clocks-next-title = What comes next by itself
clocks-next = { $when }: { $why }.
clocks-policy = Promised under version { $number } of the reporting policy
clocks-workings = How the deadlines come about
clocks-working-of = { $clock }, promised { $made }, due { $due }
clocks-no-working = This deadline cannot be worked out again.
clocks-carried = When the severity changed on { $from }, { $used } % of the time had been used. What was left of the new target was counted from then on.
clocks-step-from = From
clocks-step-to = To
clocks-counted = Counted
clocks-why = Why
clocks-told-title = Who was told
clocks-told-none = Nobody had to be told yet.
clocks-told-none-text = Rungs of the ladder appear here when they are climbed, with those who were told.
clocks-planned = Planned for
clocks-told-at = Told at
clocks-told = Told
clocks-left-out = Left out, because it concerns them
clocks-route = Way
clocks-route-ladder = As the ladder says
clocks-route-higher = Nobody of this rung could be told: a higher one was
clocks-route-everybody = Nobody on the ladder could be told: everybody who runs reporting was
clocks-route-nobody = There was nobody to tell
clocks-log = Log of the clocks
clocks-do-pause = Let the clocks stand still
clocks-do-pause-done = Containing, resolving and reviewing stand still. Acknowledging, answering and informing the reporter do not.
clocks-do-resume = Let the clocks run again
clocks-do-resume-done = The clocks run again.
clocks-do-retaliation = Flag retaliation
clocks-do-retaliation-done = Those named on the ladder are told now.
clocks-do-not-heard = The reporter says that nobody listens
clocks-do-not-heard-done = Those named on the ladder are told now.
clocks-do-exclude = Keep somebody out of this case
clocks-do-exclude-done = They no longer see this case, and are not told of it.
clocks-reason = Reason
clocks-note = What is to be said about it
clocks-person = Who
clocks-at-most = at most { $most }
clocks-event-armed = Promises put on record; looked at next { $next }
clocks-event-paused = The clocks stand still: { $reason }
clocks-event-resumed = The clocks run again
clocks-event-climbed = People were told: { $why }
clocks-event-excluded = Somebody was kept out of the case
clocks-event-retaliation = Retaliation was flagged
clocks-event-not-heard = The reporter is not heard
clocks-event-duty = The time of a duty began: { $duty }
clocks-event-duty-ended = A duty was fulfilled or fell away: { $duty }
clocks-tab-overdue = Overdue
clocks-tab-escalation = Escalation
clocks-overdue-title = Overdue cases
clocks-overdue-question = Which promises are overdue?
clocks-overdue-answer = { $count ->
    [0] None.
    [one] One open case has a promise whose time is over.
   *[other] { $count } open cases have a promise whose time is over.
}
clocks-overdue-none = Nothing is overdue.
clocks-overdue-none-text = An open case appears here as soon as the time of one of its promises is over.
clocks-number = Case
clocks-late-clocks = Overdue promises
clocks-late-by = Overdue by
clocks-owner = Owner
clocks-escalation-question = Is anybody not told who should be?
clocks-answer-well = No. The watchdog last went over all open cases at { $at } and found everything as planned.
clocks-answer-wrong = Yes. The watchdog found something at { $at }; see below.
clocks-never-watched = The watchdog has not gone over the open cases yet.
clocks-never-watched-text = It does so every hour while the server runs, and whenever somebody calls tickmark watchdog.
clocks-watchdog = What the watchdog found
clocks-watched-at = When
clocks-open-cases = Open cases
clocks-planned-rungs = Rungs due by then
clocks-climbed-rungs = Rungs climbed
clocks-found = Found
clocks-all-well = As planned
clocks-found-text = { $missing } missing, { $silent } silent, { $nobody } with nobody to tell
clocks-found-title = What the last pass found
clocks-missing-one = Not climbed: { $rung }, planned for { $at }.
clocks-silent-one = Nothing is planned for this case.
clocks-rungs = Told in the last thirty days
clocks-rungs-none-text = When a promise runs short or is broken, those who were told appear here.
clocks-away = Who is away
clocks-away-none = Nobody is away.
clocks-away-none-text = State an absence, so that a deputy is told while it lasts.
clocks-away-state = State an absence
clocks-away-who = Who is away
clocks-away-deputy = Who stands in
clocks-away-from = From (UTC)
clocks-away-to = Until (UTC)
clocks-away-save = State it
clocks-away-saved = The absence is on record. Open cases of this person are told to the deputy.
clocks-away-end = End now
clocks-away-ended = The absence has ended.
clocks-nobody = Nobody
