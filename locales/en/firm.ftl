## The firm

firm-room = Firm
firm-title = Is the firm in good standing, and which policies apply?
firm-answer = { $concerns ->
    [0] Licence and peer review are in order
    [one] One thing about licence or peer review needs attention
   *[other] { $concerns } things about licence or peer review need attention
}; { $drafts ->
    [0] no policy waits for approval.
    [one] one policy waits for approval.
   *[other] { $drafts } policies wait for approval.
}
firm-profile = Licence and peer review
firm-state-profile = Change licence and peer review
firm-save-profile = Save
firm-licence = Licence (firm permit)
firm-jurisdiction = Board or state
firm-licence-expires = Licence valid until
firm-office = City and state of issue
firm-peer-review = Peer review
firm-no-peer-review = None stated
firm-peer-review-said = { $rating }, report of { $dated }, by { $reviewer }
firm-dated = Date of the peer review report
firm-rating = Rating
firm-rating-pass = Pass
firm-rating-pass-with-deficiencies = Pass with deficiencies
firm-rating-fail = Fail
firm-reviewer = Reviewing firm
firm-review-whole = Give both the date and the rating of the peer review, or neither.
firm-a-date = Write a date like 2026-03-09.
firm-a-number = Write a whole number.
firm-a-score = Write a score with one decimal, such as 4.0.
firm-a-rating = Choose a rating.
firm-saved = Saved.

## Policies

firm-policies = Policies of the firm
firm-policies-none = No policy yet
firm-policies-none-next = Until a policy is approved, the product's defaults apply. Draft one below.
firm-policy-kind = Policy
firm-policy-label = Version
firm-policy-label-hint = Such as 2026-1
firm-policy-effective = Applies to periods ending from
firm-policy-drafted-by = Drafted by
firm-policy-approved-by = Approved by
firm-policy-status = Status
firm-policy-draft = Awaits approval
firm-policy-in-force = In force
firm-policy-later = Approved, applies later
firm-policy-superseded = Superseded
firm-policy-reason = Why it is as it is
firm-policy-applies = Applies to engagements whose period ends on or after { $from }.
firm-policy-kind-sampling = Sampling
firm-policy-kind-materiality = Materiality
firm-policy-kind-expansion = Expansion
firm-policy-kind-pervasiveness = Pervasiveness
firm-policy-kind-rubric = Effectiveness rubric
firm-policy-hint-sampling = The table of sample sizes by frequency, population and risk class. Statistical rows are checked against the exact computation; judgemental rows carry no confidence level.
firm-policy-hint-materiality = What your people weigh when they judge whether something is material. Materiality of a SOC 2 examination is qualitative.
firm-policy-hint-expansion = The one planned extension of a judgemental sample after deviations: how many items are added, and how many deviations are accepted in all.
firm-policy-hint-pervasiveness = From where on failures are pervasive. The opinion that is proposed follows these thresholds and names this version.
firm-policy-hint-rubric = From which score on reporting mechanisms are called strong, and below which weak. The rubric never feeds the opinion.
firm-draft-kind = Draft a policy: { $kind }
firm-draft = Draft
firm-drafted = Drafted. Somebody else approves it.
firm-effective-from = Applies to periods ending from
firm-effective-from-hint = Not before the day of its approval.
firm-approve = Approve
firm-approved = Approved.
firm-approval-note = Remark
firm-table = Table
firm-text = Policy
firm-add = Items added
firm-accept-total = Deviations accepted in all
firm-categories = Pervasive from this many categories
firm-series = Pervasive from this many series of the common criteria
firm-share = Pervasive from this share of the criteria in scope, in percent
firm-entity-level = Series of the entity level
firm-strong-from = Strong from
firm-weak-below = Weak below

## The team of an engagement

firm-tab-team = Team
firm-team-title = Who works on it, and are they independent?
firm-team-answer = { $ready } of { $count } on the team today have a confirmation of independence that holds.
firm-team = Team
firm-team-none = Nobody is on the team yet
firm-team-none-next = Put a partner, a quality reviewer and those who do the work on it.
firm-person = Person
firm-role = Role
firm-from = From
firm-until = Until
firm-until-hint = Needed for a peer reviewer, who reads until the end of this day and no longer.
firm-to = Until
firm-independence = Independence
firm-presence = On the team
firm-on-team = Yes
firm-not-yet = Not yet
firm-ended = Ended
firm-released = Released
firm-confirmed-on = Confirmed on { $on }
firm-not-needed = Not needed: reads the file only
firm-not-confirmed = Not confirmed
firm-threats-open = Threats not judged
firm-threats-accepted = Threats judged acceptable
firm-threats-refused = Threats not acceptable
firm-confirmation-old = Older than a year
firm-role-partner = Partner
firm-role-quality-reviewer = Quality reviewer
firm-role-manager = Manager
firm-role-senior = Senior
firm-role-staff = Staff
firm-role-specialist = Specialist
firm-role-peer-reviewer = Peer reviewer
firm-do-assign = Put somebody on the team
firm-do-release = Release somebody from the team
firm-do-confirm = Confirm my independence
firm-do-judge = Judge the threats
firm-judge-of = Judge the threats that { $name } declared
firm-do-service = Record a service beside the examination
firm-change-service = Change: { $what }
firm-do-prepare = Assess the preconditions
firm-do-decide = Decide on acceptance
firm-statement-label = My confirmation
firm-statement = I am independent of { $client } and of its people in fact and appearance, and I have declared every threat that I know of.
firm-threats = Threats that I declare
firm-threats-hint = Leave empty if there are none. Somebody else judges what you declare before you can sign anything.
firm-threat-adverse-interest = Adverse interest
firm-threat-advocacy = Advocacy
firm-threat-familiarity = Familiarity
firm-threat-management-participation = Management participation
firm-threat-self-interest = Self-interest
firm-threat-self-review = Self-review
firm-threat-undue-influence = Undue influence
firm-circumstances = Circumstances
firm-safeguard = Safeguard
firm-threat-line = { $kind }: { $circumstances } Safeguard: { $safeguard }
firm-judged-acceptable = { $by } judged this acceptable: { $reason }
firm-judged-not = { $by } judged this not acceptable: { $reason }
firm-acceptable = With these safeguards
firm-acceptable-yes = The threats are at an acceptable level
firm-acceptable-no = They are not
firm-reason = Reason

## Services beside the examination

firm-services = Non-attest services for this client
firm-services-none = None recorded
firm-services-none-next = A gap assessment, training or any other service for the same client is recorded here with its threats and safeguards.
firm-description = Service
firm-activities = What the firm does in it
firm-activities-hint = The firm never designs, implements, operates or decides for management. If it did, no safeguard cures that and nothing can be signed.
firm-activity-advise = Advises; management decides
firm-activity-assess-gaps = Assesses gaps against the criteria
firm-activity-train = Trains
firm-activity-design-controls = Designs controls
firm-activity-implement-controls = Implements controls
firm-activity-operate-controls = Operates or monitors controls
firm-activity-decide = Decides or approves for management
firm-overseen-by = Overseen at the client by
firm-overseen-by-hint = Name, position and the skill that makes the oversight real.
firm-service-threats = Threats it brings
firm-safeguards = Safeguards
firm-compatible = Compatible
firm-incompatible = Not compatible

## Acceptance and continuance

firm-acceptance = Acceptance and continuance
firm-acceptance-none = Not assessed yet
firm-acceptance-none-next = Assess the preconditions; a partner or quality reviewer who did not assess them decides. Without acceptance no opinion can be signed.
firm-acceptance-kind = Kind
firm-acceptance-kind-acceptance = New engagement
firm-acceptance-kind-continuance = Continuance
firm-acceptance-status = Status
firm-not-assessed = Not assessed
firm-awaits-decision = Awaits a decision
firm-accepted = Accepted
firm-declined = Declined
firm-preconditions = Preconditions
firm-precondition = Precondition
firm-met = Met
firm-met-yes = Met
firm-met-no = Not met
firm-basis = On what this rests
firm-further = Client and letter
firm-precondition-independence = Independence
firm-precondition-subject-matter = Subject matter
firm-precondition-criteria = Criteria
firm-precondition-evidence = Access to evidence
firm-precondition-written-report = Written report
firm-precondition-competence = Competence
firm-precondition-question-independence = Are the firm and the team independent?
firm-precondition-question-subject-matter = Is the system an appropriate subject matter, and does somebody answer for it?
firm-precondition-question-criteria = Are the criteria suitable, and do users of the report have them?
firm-precondition-question-evidence = Can the evidence be expected, with access to people and records?
firm-precondition-question-written-report = Will the conclusion stand in a written report?
firm-precondition-question-competence = Does the team have the competence and the time?
firm-integrity = Integrity of the client's leadership
firm-letter = Engagement letter signed on
firm-prepared = Assessed by
firm-decided = Decided by
firm-by-on = { $by }, { $on }.
firm-against = What stands against acceptance
firm-decision = Decision
firm-decision-accept = Accept
firm-decision-decline = Decline
