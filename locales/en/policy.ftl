policy-title = Reporting policy
policy-question = What is promised to those who report?
policy-one-title = What does version { $number } of the reporting policy promise?
policy-answer = { $open ->
    [0] It answers all twelve questions that an examination asks of it.
    [one] It leaves one of twelve questions open.
   *[other] It leaves { $open } of twelve questions open.
}
policy-none = No reporting policy is in force.
policy-none-text = Until one is, no clock runs for a report and nobody is told when it lies. Start from the template and change what you do otherwise.
policy-write = Write the next version
policy-name = Title
policy-covers = What is reported under it
policy-zone = Time zone of business hours
policy-retention = Records are kept after closing
policy-cycle = Reviewed every
policy-repeat = The last rung is repeated every
policy-sealed-kept = Sealed content is kept after closing
policy-days = { $count ->
    [one] day
   *[other] { $count } days
}
policy-usual = { $what } (the usual, not stated)
policy-closing = What closing a case needs
policy-closing-hint = One line each: a severity, “incident” or “other” where it is not the same for both, an arrow, what is needed. For example: high incident -> impact, root cause, corrective action, effect checked, review, notice decided, reporter told, or: low -> reporter told, or: low other -> nothing. For cases of which nothing is said, the usual is needed.
policy-of-incidents = Incidents
policy-of-others = What is no incident
policy-needs-nothing = nothing
policy-need-impact = what was touched
policy-need-root-cause = the root cause
policy-need-corrective-action = a corrective action
policy-need-effect-checked = its effect checked by somebody else
policy-need-review = a review
policy-need-notice-decided = a decision on notifying
policy-need-reporter-told = the reporter told
policy-field-sealed-days = Days for which sealed content is kept after closing
policy-sealed-days-hint = What was reported in confidence or without a name can be destroyed then; dates, severity and outcome stay. Left empty it is { $count } days.
policy-mail-review-subject = Review the reporting policy (version { $number })
policy-mail-review-text =
    “{ $title }”, version { $number }, was to be reviewed by { $due }.

    Read it again. Record what you looked at and why nothing changes, or write the next version:

    { $link }

    You receive this because you answer for the policy. It comes again in a month if the review is not
    on record by then.
policy-forward-more = The whole text: { $link }.
policy-forward-parts = This policy sets by when reports are answered and who is told when they are not. Read it under Cases, Reporting policy.
policy-event-reminded = Those who answer for it were told that the review is due
policy-months = { $count ->
    [one] month
   *[other] { $count } months
}
policy-hours-n = { $count ->
    [one] hour
   *[other] { $count } hours
}
policy-state = State
policy-state-draft = Draft
policy-state-in-force = In force
policy-state-superseded = Superseded
policy-state-withdrawn = Given up
policy-drafted = Written by
policy-approved = Approved by
policy-in-force-since = In force since
policy-review-due = To be reviewed by
policy-review-late = The yearly review is overdue
policy-review-late-text = Review the policy and record the finding, or write the next version.
policy-next-who = The executive sponsor
policy-next-approve = approves this draft, or asks for changes. Whoever wrote it cannot approve it.
policy-targets = Targets
policy-no-target = none
policy-hours = Hours
policy-around = Around the clock
policy-business = Business hours
policy-clock-acknowledge = Acknowledge
policy-clock-triage = Decide the severity
policy-clock-answer = Answer
policy-clock-update = Update
policy-clock-contain = Contain
policy-clock-resolve = Resolve
policy-clock-review = Review
policy-ladder = Who is told when
policy-when = When
policy-whom = Who is told
policy-checklist = Does the policy say what it should?
policy-answered = Answered
policy-not-borne-out = Said, but no clock or part bears it out
policy-left-out = Left out
policy-alignment = Which criteria does it serve?
policy-criterion = Criterion
policy-serves = By its answers on
policy-served = Served
policy-misses = Misses: { $what }
policy-calendar = Business calendar
policy-versions = Versions
policy-number = Version
policy-note = What changed
policy-log = Change log
policy-asked = Question
policy-says = What the policy says
policy-topic-types = What is covered
policy-topic-steps = How to report
policy-topic-channels = Channels
policy-topic-severities = Severity
policy-topic-targets = Times
policy-topic-escalation = Escalation
policy-topic-tracking = Tracking
policy-topic-outcome = Outcome
policy-topic-notice = Notices
policy-topic-evidence = Records
policy-topic-training = Training
policy-topic-review = Review
policy-question-types = Which failures, incidents, concerns and complaints are to be reported?
policy-question-steps = Which steps does somebody who reports take?
policy-question-channels = Which channel is for what, and for whom?
policy-question-severities = How is severity decided, and what makes an event an incident?
policy-question-targets = By when are reports acknowledged and resolved?
policy-question-escalation = Who is told when a target is missed?
policy-question-tracking = How is a report tracked from receipt to closing?
policy-question-outcome = How is the outcome recorded?
policy-question-notice = How are customers and others who are affected told?
policy-question-evidence = How long are records kept?
policy-question-training = How do people learn of it?
policy-question-review = How often is the policy reviewed, and by whom?
policy-do-approve = Put this version in force
policy-do-approve-done = The version is in force. Cases that come in from now on are promised what it says.
policy-do-withdraw = Give this draft up
policy-do-withdraw-done = The draft was given up.
policy-do-review = Record a review without changes
policy-do-review-done = The review is on record.
policy-reason = Reason
policy-finding = What was looked at, and why nothing changes
policy-event-drafted = The text was written or changed
policy-event-approved = Approved and put in force
policy-event-withdrawn = Given up
policy-event-reviewed = Reviewed and left as it is
policy-draft-question = What shall the next version say?
policy-draft-answer = Nothing changes for cases until somebody else approves the draft. Cases that are already open keep their promises.
policy-save = Save the draft
policy-saved = The draft is saved. Somebody else must approve it.
policy-texts = What it says
policy-severities = What each severity means
policy-targets-of = Targets: { $severity }
policy-ladder-hint = One line each: what sets it off, an arrow, who is told. For example: 80% of resolve -> owner, or: no owner after 4 hours -> case_handler.
policy-pauses = Reasons for which clocks may stand still
policy-pauses-hint = One line each: the reason, a colon, for how long at most. For example: Waiting for a vendor: 10 business days.
policy-calendar-hint = A calendar file with zone, hours and holidays. It is pinned to this version.
policy-carry = When the severity changes
policy-carry-start = the new target counts from the start of the clock
policy-carry-share = the share already used counts as used of the new target
policy-field-repeat-hours = Hours after which the last rung is repeated
policy-field-idle-days = Days without any fact after which an open case is brought up
policy-field-retention-months = Months for which records are kept after closing
policy-field-review-months = Months until the next review
policy-change = What changes
policy-change-note = What changes against the version before, and why
