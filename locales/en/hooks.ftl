## Other systems that report

hooks-title = Sources
hooks-question = Which other systems report here?
hooks-answer = { $count ->
    [0] None does.
    [one] One does.
   *[other] { $count } do.
}
hooks-none = No system reports here
hooks-none-next = A chat, a form on another site, or the monitoring can hand reports over: signed messages as Standard Webhooks specifies them.
hooks-add = Add a source
hooks-name = Name
hooks-channel = Channel
hooks-channel-hint = The name of its channel in the register, as it stands on its cases.
hooks-since = Since
hooks-state = State
hooks-state-open = Taken
hooks-state-stopped = Stopped
hooks-places-text = Where a report stands in the source’s messages, as JSON pointers. Leave empty what it does not send.
hooks-place-reference = What the source calls the matter
hooks-place-title = In a few words
hooks-place-description = In full
hooks-place-kind = Kind
hooks-place-occurred-at = When it happened
hooks-place-contact = How to reach the reporter
hooks-address = Address
hooks-secret = Secret
hooks-secret-once = The secret is shown this once
hooks-secret-text = Give the address and the secret to who sets up the sender. A secret that is lost is made anew.
hooks-counted = What came
hooks-counted-none = Nothing has come yet
hooks-counted-none-next = Send a message from the source and reload this page.
hooks-tally-arrived = Arrived
hooks-tally-case = Became a case
hooks-tally-duplicate = Spoke of a case again
hooks-tally-unread = Could not be read
hooks-tally-refused-headers = Refused: without the headers
hooks-tally-refused-secret = Refused: no usable secret
hooks-tally-refused-time = Refused: too old, or from the future
hooks-tally-refused-signature = Refused: the signature does not fit
hooks-tally-refused-stopped = Refused: the source was stopped
hooks-tally-refused-replayed = Refused: played again
hooks-tally-refused-id-reused = Refused: the id was used for another body
hooks-one-open = Its signed messages become cases.
hooks-one-stopped = Nothing is taken from it. A new secret opens it again.
hooks-restate = Change what is written here
hooks-restate-send = Save
hooks-restate-done = The source was changed.
hooks-do-renew = Make a new secret
hooks-do-stop = Take nothing more from it
hooks-do-stop-done = Nothing is taken from this source any more.
hooks-unread-link = { $count ->
    [0] Nothing unread
    [one] One unread message
   *[other] { $count } unread messages
}
hooks-unread-question = Which signed messages could not be read?
hooks-unread-answer = { $count ->
    [0] None waits.
    [one] One is kept and waits for a person.
   *[other] { $count } are kept and wait for a person.
}
hooks-unread-none = Every message was read
hooks-unread-none-next = A message that is signed and in which no report is found is kept here, so that it is not lost.
hooks-came = Came
hooks-message = Its id
hooks-fault = Why it could not be read
hooks-body = The message as it came
hooks-why = Why
hooks-release-hint = Leave both empty to have the message read anew, after you have corrected where the source’s reports stand.
hooks-do-release = It is a report
hooks-do-release-send = Make a case of it
hooks-do-release-done = The message is a case now.
hooks-do-dismiss = It is no report
hooks-do-dismiss-send = Dismiss it
hooks-do-dismiss-done = The message is dismissed. It stays kept and on record.

