## Canaries

canaries-question = Did the channels work, all the time?
canaries-answer = { $count ->
    [0] No canary has come back yet.
    [one] One canary was sent and has come back; { $lost ->
        [0] it was in time.
       *[other] it was not in time.
    }
   *[other] { $count } canaries were sent and have come back; { $lost ->
        [0] all were in time.
        [one] one was not in time.
       *[other] { $lost } were not in time.
    }
}
canaries-what = What a canary is
canaries-what-text = A report that the product sends to itself, at random times, the whole way that a report goes. Until somebody confirms it, it looks like any other case; then it is closed by itself and says what it was. Those that still fly are not shown here. No figure, list, population or export counts canaries.
canaries-by-month = By month and channel
canaries-month = Month
canaries-channel = Channel
canaries-sent = Sent
canaries-received = Came in
canaries-passed = Confirmed in time
canaries-alarms = Alarms
canaries-state = State
canaries-worked = It worked
canaries-slow = Not confirmed in time
canaries-lost = A canary was lost
canaries-none = No canary has come back yet
canaries-none-next = Have them sent below; each channel that needs no person gets its own.
canaries-flown = The last canaries
canaries-sent-at = Sent
canaries-received-at = Came in
canaries-confirmed-at = Confirmed
canaries-verdict = Result
canaries-verdict-passed = In time
canaries-verdict-late = Late
canaries-verdict-not-sent = Could not be sent
canaries-verdict-not-received = Never came in
canaries-verdict-not-acknowledged = Nobody confirmed it
canaries-alarm-sending = It could not be sent.
canaries-alarm-receipt = It did not come in in time.
canaries-alarm-acknowledgement = Nobody confirmed it in time.
canaries-alarm-escalation = Nobody was told that nobody had confirmed it.
canaries-settings = How canaries are sent
canaries-on = Send canaries
canaries-on-hint = Tell everybody who handles cases that canaries exist. They need not know which case is one.
canaries-per-month = How many in a month by each channel
canaries-receive-minutes = In the register within how many minutes
canaries-acknowledge-hours = Confirmed by a person within how many hours
canaries-alarm-to = Who is told when one was not in time
canaries-alarm-to-hint = Addresses, one on each line.
canaries-save = Save
canaries-saved = It is recorded how canaries are sent.
canaries-closed = This was a canary: a report that the product sent to itself to prove that this channel works. Thank you for confirming it. No figure counts it.
canaries-evidence = Canary { $id }: sent { $sent }, in the register { $received }. { $verdict }.
canaries-mail-subject = A canary was lost: { $channel }
canaries-mail-text = The channel “{ $channel }” did not do what it promises. { $what }

    Sent: { $sent }
    { $why }

    Look at the channel at once: a real report would have fared no better.
