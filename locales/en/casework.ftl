## Work on a case

casework-from-to = { $from } before, { $to } now.
casework-fact-at = { $what }: { $at }
casework-fact-occurred = It began
casework-fact-detected = It was noticed
casework-fact-aware = The organisation became aware
casework-fact-determined = It was determined what it is
casework-fact-contained = It was contained
casework-fact-recovered = Service was as promised again
casework-data-personal = Personal data
casework-data-sensitive = Personal data that law protects more
casework-data-customer = Confidential data of customers
casework-data-financial = Financial data
casework-data-credentials = Passwords, keys or tokens
casework-data-operational = The system’s own data
casework-method-five-whys = Five whys
casework-method-fishbone = Fishbone: causes by kind
casework-method-fault-tree = Fault tree
casework-method-timeline = Timeline, step by step
casework-method-other = Another, named in the steps
casework-code-change = A change
casework-code-configuration = A setting
casework-code-capacity = Too little capacity
casework-code-software = A defect of software
casework-code-hardware = A machine or device
casework-code-network = A network
casework-code-third-party = A vendor
casework-code-human = Something forgotten or done wrongly
casework-code-process = A procedure that is missing or does not fit
casework-code-access = Rights of access
casework-code-malicious = Somebody’s intent
casework-code-environment = Power, weather, building
casework-code-unknown = It could not be found
casework-purpose-receipt = A receipt
casework-purpose-answer = An answer
casework-purpose-update = How far it has come
casework-purpose-question = A question to them
casework-purpose-outcome = What came of it
casework-opening-received = We have read it
casework-opening-question = A question
casework-opening-update = An update
casework-opening-outcome = The outcome
casework-opening-not-upheld = The outcome: nothing changes
casework-begin-with = Begin with:
casework-me = Me
casework-incident = An incident?
casework-impact = What was touched
casework-cause = Why it happened
casework-review = What the review found
casework-do = What can be done now
casework-corrects = Corrects the entry of { $at }: { $who } { $what }
casework-corrected = Corrected
casework-corrected-text = A later entry, of { $at }, says what is right.
casework-can-close = Nothing is missing
casework-nothing-missing = All that is demanded before the case can be closed is there.
casework-before-closing = Before it can be closed
casework-missing-impact = State what was touched
casework-missing-cause = State the root cause
casework-missing-action = Plan a corrective action
casework-missing-actions-open = { $count ->
    [one] Finish one corrective action
   *[other] Finish { $count } corrective actions
}
casework-missing-actions-unproven = { $count ->
    [one] Have the effect of one action checked
   *[other] Have the effect of { $count } actions checked
}
casework-missing-tasks-open = { $count ->
    [one] Finish one task
   *[other] Finish { $count } tasks
}
casework-missing-review = Hold the review
casework-missing-notice = Decide whether somebody must be notified
casework-missing-notices-unsent = { $count ->
    [one] Send one notice that is owed
   *[other] Send { $count } notices that are owed
}
casework-missing-reporter = Tell the reporter what came of it
casework-field-owner = Who answers for it?
casework-field-categories = Categories
casework-field-criteria = Criteria
casework-field-criteria-hint = Ids, separated by commas, such as CC7.3, A1.2. What is proposed follows from the kind of the case.
casework-field-controls = Controls that failed or were missing
casework-field-controls-hint = Their codes, separated by commas, such as IAM-05. Leave it empty if none did.
casework-field-commitments = Commitments that were missed, or could have been
casework-field-components = Parts of the system
casework-field-data = Kinds of data
casework-field-extent = How far did it reach?
casework-field-extent-hint = How many customers or people, for how long, with which effect.
casework-field-what = What happened?
casework-field-at = When (UTC)?
casework-field-evidence = What shows it?
casework-field-evidence-hint = A log line, an alert, a message, a witness. Clocks of law and contract start at this time.
casework-field-method = By which method was it found?
casework-field-steps = Steps
casework-field-steps-hint = One step a line: each why with its answer, each branch with its causes.
casework-field-cause = The root cause, in a sentence
casework-field-code = The kind of cause
casework-field-code-hint = Recurrences are counted by it.
casework-field-held-on = Held on
casework-field-participants = Who took part
casework-field-participants-hint = One person a line.
casework-field-went-well = What went well?
casework-field-went-badly = What went badly?
casework-field-lessons = What follows from it?
casework-field-told = What is the reporter told?
casework-field-told-hint = The reporter has not been told what came of it. What stands here is sent with the closing.
casework-field-told-again-hint = The reporter was told what came of it. Leave it empty, or say more.
casework-message-mailed-hint = The reporter reads this with number and code, and receives it by mail at the address they left.
casework-field-purpose = What is the message for?
casework-field-entry = Which entry was wrong?
casework-field-text = What is right?
casework-field-why-wrong = Why was it wrong?
casework-disclosure = Disclosure in the description
