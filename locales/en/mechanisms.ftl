## The evaluation of reporting mechanisms: the firm's file

mechanisms-title = How well does the organisation take in and answer reports?
mechanisms-title-short = Reporting mechanisms
mechanisms-answer = { $overall } of 5 overall.{" "}
mechanisms-answer-open = { $done ->
    [0] None of the five phases is complete.
    [one] One of the five phases is complete.
   *[other] { $done } of the five phases are complete.
}
mechanisms-outside = Outside the report
mechanisms-outside-why = What comes of this is a memorandum for the organisation’s management. It is no opinion, the report does not print it, and no proposal of an opinion reads it. A control that failed is tested and concluded on its own page.
mechanisms-phases = Phases
mechanisms-phase = Phase
mechanisms-phase-do = What is done
mechanisms-n = No.
mechanisms-state = State
mechanisms-done = Done
mechanisms-open = To do
mechanisms-not-done = This phase is not done yet.
mechanisms-phase-channels = Channels identified
mechanisms-phase-channels-what = Identify the ways to report, try them, and compare them with what the organisation publishes.
mechanisms-phase-policy = Policy review
mechanisms-phase-policy-what = Twelve questions to the reporting policy, and how it serves security and availability.
mechanisms-phase-people = Interviews and surveys
mechanisms-phase-people-what = What management, staff and users say, and where practice differs from what is written.
mechanisms-phase-history = History review
mechanisms-phase-history-what = Cases drawn by seed and read with twelve questions each; seven questions about all cases.
mechanisms-phase-rubric = Evaluation
mechanisms-phase-rubric-what = Five dimensions scored 1 to 5, each with evidence.
mechanisms-figures = What the organisation’s record says
mechanisms-figure-cases = Reports in the period
mechanisms-figure-cases-counted = Cases reported within the period of the examination. Canaries and reports held in a flood are left out.
mechanisms-figure-in-time = Promises kept in time
mechanisms-figure-in-time-counted = Promises of the reporting policy whose time was over by the end of the period: kept in time, of all. Cases taken over from another register have none.
mechanisms-figure-escalated = Misses escalated
mechanisms-figure-escalated-counted = Missed promises after which a step of the ladder was taken, of all missed promises.
mechanisms-figure-complete = Complete records
mechanisms-figure-complete-counted = Cases with somebody who answers for them, a severity and a confirmation by a person; of all cases of the period, at most the newest 3,000.
mechanisms-figure-trained = People taught
mechanisms-figure-trained-counted = People whom a course concerns and who have passed it, over all courses, as last taken down in the period.
mechanisms-of = { $n } of { $of }
mechanisms-not-counted = Not counted
mechanisms-findings = Findings and recommendations
mechanisms-memorandum = Memorandum
mechanisms-signature = Signature and review
mechanisms-sign = Sign the memorandum
mechanisms-sign-later = The memorandum can be signed once all five dimensions have a score.
mechanisms-signed-by = Signed by
mechanisms-signed-at = Signed
mechanisms-reviewed-by = Reviewed by
mechanisms-review = Record the review
mechanisms-digest = Digest of the papers
mechanisms-overall = Overall
mechanisms-rating = Classification
mechanisms-rating-strong = Strong
mechanisms-rating-adequate = Adequate
mechanisms-rating-weak = Weak
mechanisms-conclusion = Conclusion
mechanisms-conclusion-hint = What you conclude about the reporting mechanisms, in words that management can read. Nothing of it goes into the report.
mechanisms-note = Note
mechanisms-void = The signature is void
mechanisms-void-why = A paper changed after the memorandum was signed. Read what changed and sign again.
mechanisms-draft = Draft
mechanisms-draft-why = Nobody has signed this memorandum as it stands. Do not hand it over.
mechanisms-saved = It is in the file.
mechanisms-paper-gone = Somebody withdrew this paper after you opened it. Send it again to write it as a new one.
mechanisms-memorandum-pdf = As a PDF
mechanisms-voices = Surveys
mechanisms-nobody-surveyed = No survey that was closed in the period asked whether people know how to report, or its figures are too small to be shown.
mechanisms-voice = { $who }, “{ $question }”: { $n } of { $of } who answered; closed on { $closed }.
mechanisms-voice-invited = { $invited } were invited.
mechanisms-saved-sign = The memorandum is signed. Somebody else reviews it.
mechanisms-saved-review = The review is recorded.
mechanisms-firm = Firm
mechanisms-addressed = To the management of
mechanisms-engagement = Engagement
mechanisms-partner = Engagement partner
mechanisms-prepared-by = Prepared and signed by
mechanisms-date = Date
mechanisms-undated = Draft, not signed and not dated
mechanisms-not-reviewed = Not reviewed yet
mechanisms-not-named = Not named in the file
mechanisms-who-on = { $who }, { $on }
mechanisms-the-firm = the firm
mechanisms-the-organisation = the organisation
mechanisms-restricted = Not a part of the report; restricted use
mechanisms-restricted-why = This memorandum is not a part of the report on { $system }. It expresses no opinion and gives no assurance, and no opinion rests on it. It is intended solely for the information and use of the management of { $organisation } and of { $firm }, and is not to be used by anybody else.
mechanisms-footer = Restricted use. Not a part of the report.
mechanisms-system = System
mechanisms-period = Period
mechanisms-not-scored = Not every dimension has a score yet.
mechanisms-evidence = Evidence
mechanisms-evidence-hint = One reference to a line: the id of an item of evidence (evd_…) or of an inquiry (inq_…), a page such as /channels, or a document by its name.
mechanisms-reason = Why
mechanisms-text = What
mechanisms-paper = This paper
mechanisms-change-it = Change it
mechanisms-withdraw-it = Withdraw it
mechanisms-withdraw = Withdraw
mechanisms-withdraw-why = Why it is withdrawn

## Channels

mechanisms-channels-title = Which ways to report are there, and are they those that are published?
mechanisms-channels-answer = { $identified ->
    [0] No channel has been identified yet; the register and the file differ in { $differences } points.
    [one] One channel was identified; it differs from what is published in { $differences } points.
   *[other] { $identified } channels were identified; they differ from what is published in { $differences } points.
}
mechanisms-compared = The organisation’s register against what was found
mechanisms-register = In the register
mechanisms-audience = For whom
mechanisms-audience-internal = People who work there
mechanisms-audience-external = Customers, vendors and others outside
mechanisms-audience-both = Both
mechanisms-made-known = Said to be made known in
mechanisms-found-at = Found in
mechanisms-works = Works
mechanisms-works-yes = Tried, and it worked
mechanisms-works-no = Tried, and it did not work
mechanisms-works-not-looked = Not tried
mechanisms-not-identified = Not identified yet
mechanisms-register-none = The register of channels is empty
mechanisms-register-none-next = The organisation keeps it under Channels. What you find is recorded here all the same.
mechanisms-differences = Differences
mechanisms-differences-none = What was found agrees with what is published.
mechanisms-diff-not-identified = { $channel } is in the register, and the auditor has not identified it.
mechanisms-diff-not-registered = { $channel } takes reports, and the register does not know it.
mechanisms-diff-closed = { $channel } is closed in the register, and the auditor came across it.
mechanisms-diff-said-not-found = { $channel } is said to be made known in: { $place }. It was not found there.
mechanisms-diff-found-not-said = { $channel } was found in: { $place }. The register does not say so.
mechanisms-diff-unpublished = { $channel } is made known nowhere.
mechanisms-diff-audience = { $channel } is for others than the register says.
mechanisms-diff-did-not-work = { $channel } did not work when it was tried.
mechanisms-identified = Channels identified
mechanisms-channels-none = No channel identified yet
mechanisms-channels-none-next = Read the policy, the public page, the intranet and a service agreement, ask people, and record below each way to report that you come across.
mechanisms-add-channel = Record a channel
mechanisms-save-channel = Record the channel
mechanisms-name = Name
mechanisms-registered = In the organisation’s register it is
mechanisms-not-in-register = Not in the register
mechanisms-kind = Kind
mechanisms-kind-portal = Portal
mechanisms-kind-email = Mail address
mechanisms-kind-hotline = Telephone line
mechanisms-kind-chat = Chat
mechanisms-kind-webform = Form on another site
mechanisms-kind-api = Interface for programs
mechanisms-kind-third-party = Somebody else who receives reports
mechanisms-kind-in-person = A person to speak to
mechanisms-where-found = Where you found it made known
mechanisms-place-policy = Policy
mechanisms-place-agreement = Agreement with customers
mechanisms-place-page = Public page
mechanisms-place-training = Training
mechanisms-found-yes = Found
mechanisms-found-no = Looked for, not found
mechanisms-found-not-looked = Not looked at
mechanisms-channel-note-hint = How it works, how easily it is found, which instructions stand there, what gets in the way.

## Policy

mechanisms-policy-title = What does the reporting policy answer?
mechanisms-policy-answer = Version { $number } answers { $yes } of the twelve questions.
mechanisms-policy-answer-open = Version { $number } is in force and has not been reviewed here yet.
mechanisms-policy-none = No reporting policy is in force
mechanisms-policy-none-next = That is a finding: state it as a weakness, and score timeliness and escalation accordingly.
mechanisms-policy-changed = Another version is in force now
mechanisms-policy-newer = The review speaks of an earlier version. Version { $number } is in force: read what changed and review it.
mechanisms-policy-version = Version in force
mechanisms-policy-approved = Approved
mechanisms-policy-reviewed = Last reviewed by the organisation
mechanisms-policy-due = To be reviewed by
mechanisms-checklist = Twelve questions
mechanisms-question = Question
mechanisms-text-says = Its own text answers
mechanisms-auditor-says = Auditor
mechanisms-place = Where, or what is missing
mechanisms-covered = Answered
mechanisms-covered-yes = Yes
mechanisms-covered-partly = In part
mechanisms-covered-no = No
mechanisms-topic-types = Which failures, incidents, concerns and complaints are covered?
mechanisms-topic-steps = Which steps does a reporter take?
mechanisms-topic-channels = Which channel is for what?
mechanisms-topic-severities = How is severity decided?
mechanisms-topic-targets = By when are reports acknowledged and resolved?
mechanisms-topic-escalation = Who is told when a target is missed?
mechanisms-topic-tracking = How is a report tracked?
mechanisms-topic-outcome = How is its outcome recorded?
mechanisms-topic-notice = How are those affected told?
mechanisms-topic-evidence = How long are records kept?
mechanisms-topic-training = How do people learn of it?
mechanisms-topic-review = How often is the policy reviewed?
mechanisms-alignment = Security and availability
mechanisms-criterion = Criterion
mechanisms-serves = Served by the policy
mechanisms-missing = What is missing
mechanisms-served = Served
mechanisms-not-served = Not wholly
mechanisms-clock = no promised time: { $clock }
mechanisms-security = Security
mechanisms-security-hint = Must suspected security events be reported at once, with steps to follow and an escalation that reaches somebody who can act?
mechanisms-availability = Availability
mechanisms-availability-hint = Are outages covered and ranked, are they reported by a known way, and are the promised times fit to keep disruption small?
mechanisms-upkeep = Kept up to date
mechanisms-upkeep-hint = Who reviews the policy, how often, when last, and how changes are made known.
mechanisms-review-policy = Review the policy
mechanisms-save-policy = Record the review

## People

mechanisms-people-title = What do people say who report and who answer?
mechanisms-people-answer = { $groups ->
    [0] Nothing has been summed up yet; three groups are heard: management, staff and users.
    [one] One of three groups is summed up.
   *[other] { $groups } of three groups are summed up.
}
mechanisms-heard-management = Management
mechanisms-heard-staff = Staff
mechanisms-heard-users = Users of the system
mechanisms-inquiries = Inquiries
mechanisms-inquiry = Inquiry
mechanisms-asked-whom = Who was asked
mechanisms-nobody-asked = Nobody has been asked yet
mechanisms-nobody-asked-next = Plan an inquiry with questions of the bank for this group under Inquiries.
mechanisms-no-consent = The organisation’s own surveys are not shown
mechanisms-no-consent-why = Their results are laid beside your inquiries once the organisation consents. It does so on its page of appointments. User entities are asked only with its consent, and that is uncommon.
mechanisms-agree = Agree or yes
mechanisms-kept-back = Kept back: too few people
mechanisms-summary = In sum
mechanisms-gaps = Where practice and policy differ
mechanisms-gaps-hint = What is written and not done, what is done and not written, what keeps people from reporting.
mechanisms-sum-up = Sum up
mechanisms-save-people = Record the summary

## History

mechanisms-history-title = How were past reports handled?
mechanisms-history-answer = { $read } of { $of } cases are read.
mechanisms-cases = Cases to read
mechanisms-cases-none = No case drawn yet
mechanisms-cases-none-next = Draw cases below once the period has ended. The seed is made when the numbers are fixed, and nothing is ever drawn anew.
mechanisms-case = Case
mechanisms-case-title = Title
mechanisms-sealed = Sealed
mechanisms-reported = Reported
mechanisms-severity = Severity
mechanisms-severity-critical = Critical
mechanisms-severity-high = High
mechanisms-severity-moderate = Moderate
mechanisms-severity-low = Low
mechanisms-chosen = Chosen
mechanisms-by-seed = By seed
mechanisms-by-name = By name, with a reason
mechanisms-no-answers = Answered with no
mechanisms-population = Reports in the period
mechanisms-population-hash = Hash of their numbers
mechanisms-seed = Seed
mechanisms-effective-seed = Effective seed
mechanisms-draw = Draw
mechanisms-draw-more = Draw cases
mechanisms-size = Cases in all
mechanisms-size-hint = { $drawn } are drawn of { $of } reported in the period. A larger draw begins with the smaller one.
mechanisms-answers = Answers over all cases read
mechanisms-yes-of = Yes, of those that apply
mechanisms-patterns = Patterns
mechanisms-case-read = How was { $number } handled?
mechanisms-case-answer = { $no ->
    [0] No question was answered with no. Read by { $by }.
    [one] One question was answered with no. Read by { $by }.
   *[other] { $no } questions were answered with no. Read by { $by }.
}
mechanisms-case-answer-open = Nobody has read this case yet.
mechanisms-said = Your answer
mechanisms-said-yes = Yes
mechanisms-said-no = No
mechanisms-said-na = Does not apply
mechanisms-record-says = The record: { $says }
mechanisms-shows-it = What shows it
mechanisms-why-this-case = Why this case is read, though it was not drawn
mechanisms-save-case = Record the answers
mechanisms-patterns-title = What do all cases together show?
mechanisms-patterns-answer = { $given } of seven questions are answered.
mechanisms-patterns-from = The figures come from the organisation’s record up to the end of the period. What was said of them when you answered is kept with your answer.
mechanisms-figures-say = The figures
mechanisms-answer-given = Answer
mechanisms-answer-it = Answer
mechanisms-save-answer = Record the answer
mechanisms-points-to-weakness = This points to a weakness
mechanisms-weakness-found = Points to a weakness

## Rubric

mechanisms-rubric-title = How strong are the reporting mechanisms?
mechanisms-rubric-answer-open = { $given } of five dimensions are scored.
mechanisms-scores = Scores
mechanisms-dimension = Dimension
mechanisms-dimension-accessibility = Accessibility
mechanisms-dimension-awareness = Awareness and training
mechanisms-dimension-timeliness = Timeliness
mechanisms-dimension-tracking = Tracking and documentation
mechanisms-dimension-escalation = Escalation
mechanisms-weight = Weight
mechanisms-weights = Weights of the dimensions
mechanisms-save-weights = Set the weights
mechanisms-weight-wrong = A weight is a whole number from 0 to 100.
mechanisms-proposed = Proposed
mechanisms-proposed-score = { $score }, { $basis }
mechanisms-proposed-none = Nothing is proposed: the record knows nothing of it. Score it from what you saw.
mechanisms-proposed-changed = Since then
mechanisms-proposed-changed-why = The figures propose another score now than when this one was given.
mechanisms-basis-figures = from figures
mechanisms-basis-observed = from what is written or was observed
mechanisms-because = Because
mechanisms-above = Above what the figures proposed; the reason says why.
mechanisms-score = Score
mechanisms-score-it = Score this dimension
mechanisms-scored-by = Scored by
mechanisms-save-score = Record the score
mechanisms-overall-rule = Overall is the lesser of the weighted mean and the lowest score plus one. Strong from { $strong }, adequate from { $weak }, weak below. { $by }
mechanisms-overall-shipped = The firm has approved no policy on the rubric, so these are the cut-offs that come with the product.
mechanisms-overall-policy = By the firm’s policy { $policy }.
mechanisms-scale-accessibility-5 = Several tried channels for each audience, at any hour for what is severe, without a name, on a telephone, in the languages needed
mechanisms-scale-accessibility-4 = Two or more for each audience, tried within the year
mechanisms-scale-accessibility-3 = One for each audience, and it works
mechanisms-scale-accessibility-2 = Inside only, or hard to find
mechanisms-scale-accessibility-1 = A single, unclear mailbox
mechanisms-scale-awareness-5 = 98 % taught, 90 % of the staff and users asked answer rightly, drills held
mechanisms-scale-awareness-4 = 95 % taught, 75 % answer rightly
mechanisms-scale-awareness-3 = 85 % taught, 60 % answer rightly
mechanisms-scale-awareness-2 = 60 % taught, 40 % answer rightly
mechanisms-scale-awareness-1 = Less
mechanisms-scale-timeliness-5 = 95 % of promised times kept; severe events reported within an hour (90th percentile)
mechanisms-scale-timeliness-4 = 90 % kept
mechanisms-scale-timeliness-3 = 75 % kept
mechanisms-scale-timeliness-2 = 50 % kept
mechanisms-scale-timeliness-1 = Less
mechanisms-scale-tracking-5 = One register with every field, tracking numbers, trend reports
mechanisms-scale-tracking-4 = 95 % complete
mechanisms-scale-tracking-3 = One register, 85 % complete
mechanisms-scale-tracking-2 = Several registers
mechanisms-scale-tracking-1 = Notes here and there
mechanisms-scale-escalation-5 = Automatic, tried, every miss escalated
mechanisms-scale-escalation-4 = Defined, 90 % of misses escalated
mechanisms-scale-escalation-3 = Defined, 75 % of misses escalated
mechanisms-scale-escalation-2 = Informal
mechanisms-scale-escalation-1 = None

## Findings

mechanisms-findings-title = What holds, what is weak, and what is recommended?
mechanisms-findings-answer = { $weaknesses ->
    [one] One weakness
   *[other] { $weaknesses } weaknesses
} and { $recommendations ->
    [one] one recommendation
   *[other] { $recommendations } recommendations
}.
mechanisms-points-strength = Strengths
mechanisms-points-weakness = Weaknesses
mechanisms-points-none = None is stated yet.
mechanisms-point-kind = It is
mechanisms-point-strength = A strength
mechanisms-point-weakness = A weakness
mechanisms-add-point = State a strength or a weakness
mechanisms-save-point = State it
mechanisms-recommendations = Recommendations
mechanisms-recommendation = Recommendation
mechanisms-recommendations-none = Nothing is recommended yet
mechanisms-recommendations-none-next = Recommend what would mend a weakness. The order follows from the effect on security and availability.
mechanisms-recommend-hint = What the organisation could do. Leave open who does it and how: that is its decision.
mechanisms-independence = The organisation decides
mechanisms-independence-why = The auditor recommends. Whether, how and by whom a recommendation is followed is decided by the organisation, and what is done is done by it.
mechanisms-add-recommendation = Recommend something
mechanisms-save-recommendation = Record the recommendation
mechanisms-speaks-to = Speaks to the weakness
mechanisms-no-weakness = None in particular
mechanisms-effect-on-security = Effect on security
mechanisms-effect-on-availability = Effect on availability
mechanisms-effect-high = High: closes a gap through which harm could pass unnoticed
mechanisms-effect-medium = Medium: closes a gap that another control catches
mechanisms-effect-low = Low: makes work easier
mechanisms-effect-none = None
mechanisms-response = The organisation’s decision
mechanisms-response-open = Not known yet
mechanisms-response-accepted = Takes it up
mechanisms-response-declined = Does not take it up
mechanisms-response-done = Says that it is done
mechanisms-response-note = What the organisation said
mechanisms-response-note-hint = In its own words, with who said so and when. Needed once it has decided.
mechanisms-improvements = Improvement log
mechanisms-add-improvement = Log an improvement that the organisation made
mechanisms-save-improvement = Log it
mechanisms-on = Date
mechanisms-change = What changed
mechanisms-expected = What is expected of it
mechanisms-follow-up-on = Follow-up on
mechanisms-follow-up = What the follow-up found
mechanisms-changes = Change log
mechanisms-add-change = Log a change of the reporting mechanisms
mechanisms-save-change = Log it
mechanisms-memorandum-title = Memorandum on reporting mechanisms
mechanisms-against = Against the record, which says: { $says }
mechanisms-against-count = Answers against the record
