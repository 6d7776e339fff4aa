clocks-mail-subject = Case { $number }: { $why }
clocks-mail-text =
    Case { $number } needs you: { $why }.
    { $due ->
        [""] { "" }
       *[other] The promise concerned falls due, or fell due, at { $due }.
    }

    { $link }

    This message says nothing of what was reported. You receive it because the reporting policy names
    you for this moment.
clocks-alarm-subject = Escalation did not do what the policy plans
clocks-alarm-text =
    The watchdog went over the open cases and found:

    { $missing } rungs of the ladder that had to be climbed and were not,
    { $silent } open cases for which nothing is planned,
    { $nobody } cases for which nobody could be told.

    The page "Escalation" lists them. Look at it now: nobody else may be told.
