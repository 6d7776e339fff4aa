evidence-title = Evidence
evidence-question = What can we show, and for which time?
evidence-answer = { $count ->
    [0] Nothing is in the vault yet.
    [one] One item is in the vault.
   *[other] { $count } items are in the vault.
}
evidence-one-answer = It speaks for { $span }.
evidence-name = Name
evidence-speaks-for = Speaks for
evidence-source = Source
evidence-source-hint = System, account, query and parameters, so that somebody else could make it again
evidence-bytes = Bytes
evidence-media-type = Kind of file, by its content
evidence-digest = SHA-256
evidence-extracted = Extracted
evidence-recorded = Recorded
evidence-entry = Log entry
evidence-file = File
evidence-from = Speaks for, from
evidence-from-hint = The time that the content is about, not the day of the upload
evidence-to = Speaks for, to
evidence-zone = Zone of these days
evidence-controls = Controls it bears on
evidence-download = Download the file
evidence-none = Nothing in the vault yet
evidence-none-next = Upload what shows that a control operated, and say for which time it speaks.
evidence-add = Add evidence
evidence-new = What does the new evidence show?
evidence-saved = The file is in the vault and the log holds its digest.
requests-title = Requests
requests-question = Which requests wait for us?
requests-answer = { $count ->
    [0] Nothing waits.
    [one] One request waits.
   *[other] { $count } requests wait.
}
requests-code = Code
requests-text = What is asked for
requests-due = Due
requests-state = State
requests-open = Open
requests-in-progress = In progress
requests-submitted = Submitted
requests-returned = Returned
requests-accepted = Accepted
requests-none = No request yet
requests-none-next = The firm's requests appear here, with what to supply and until when.
requests-ask = Ask for something
requests-answer-with = Answer with
requests-remark = Remark
requests-submit = Submit the answer
requests-accept = Accept
requests-return = Return
requests-asked = The request is on the list of both sides.
requests-answered = The answer is with the firm.
requests-judged = The organisation sees the decision.
