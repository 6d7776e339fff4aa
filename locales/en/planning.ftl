## All engagements of the firm

planning-overview-title = What waits for whom?
planning-overview-answer = { $count ->
    [0] No engagement has been joined yet.
    [one] { $waiting ->
        [0] Nothing waits in the one engagement of the firm.
       *[other] Something waits in the one engagement of the firm.
    }
   *[other] In { $waiting } of { $count } engagements something waits.
}
planning-open-firm = Licence, peer review and policies
planning-engagements = Engagements
planning-engagement = Engagement
planning-client = Client
planning-stage = Stage
planning-stage-preparation = Preparation
planning-stage-fieldwork = Fieldwork
planning-stage-issued = Issued
planning-stage-locked = Locked
planning-partner = Partner
planning-period = Period
planning-concluded-controls = Controls concluded
planning-waits = Waiting
planning-hours-of = Hours of budget
planning-hours-line = { $recorded } of { $budget }
planning-next = Next milestone
planning-next-due = { $what }, { $on }
planning-waiting = What waits
planning-waiting-none = Nothing waits
planning-waiting-none-next = What has to be reviewed, signed, answered or planned appears here.
planning-whom = For whom
planning-what = What
planning-age = Since
planning-days = { $count ->
    [0] today
    [one] 1 day
   *[other] { $count } days
}
planning-whom-partner = Partner or quality reviewer
planning-whom-reviewer = Reviewer
planning-whom-team = Team
planning-whom-client = Client
planning-waits-for-partner = For partner or quality reviewer
planning-waits-for-reviewer = For review
planning-waits-for-team = For the team
planning-waits-for-client = For the client
planning-waits-acceptance = Acceptance is not decided
planning-waits-threats = { $count ->
    [one] One declaration of threats to independence to judge
   *[other] { $count } declarations of threats to independence to judge
}
planning-waits-second = { $count ->
    [one] One conclusion needs a second signature
   *[other] { $count } conclusions need a second signature
}
planning-waits-materiality = { $count ->
    [one] One judgement that a failure is not material needs a second signature
   *[other] { $count } judgements that a failure is not material need a second signature
}
planning-waits-criteria = { $count ->
    [one] One criterion to conclude on
   *[other] { $count } criteria to conclude on
}
planning-waits-opinion = The opinion is to be concluded on
planning-waits-policies = { $count ->
    [one] One policy of the firm to approve
   *[other] { $count } policies of the firm to approve
}
planning-waits-review = { $count ->
    [one] One result to review
   *[other] { $count } results to review
}
planning-waits-void = { $count ->
    [one] One conclusion is void and has to be signed again
   *[other] { $count } conclusions are void and have to be signed again
}
planning-waits-independence = { $count ->
    [one] One confirmation of independence is missing
   *[other] { $count } confirmations of independence are missing
}
planning-waits-plan = { $count ->
    [one] One control in scope has no planned test
   *[other] { $count } controls in scope have no planned test
}
planning-waits-overdue = { $count ->
    [one] One milestone is overdue
   *[other] { $count } milestones are overdue
}
planning-waits-answered = { $count ->
    [one] One answered request to look at
   *[other] { $count } answered requests to look at
}
planning-waits-requests = { $count ->
    [one] One request waits for an answer
   *[other] { $count } requests wait for an answer
}
planning-deviations-by-series = Deviations by series of criteria
planning-deviations-none = No deviation recorded
planning-deviations-none-next = Deviations found by tests are counted here by the series that their controls serve.

## The plan of an engagement

planning-tab = Plan
planning-title = How is the work planned, and how far is it?
planning-answer = { $proposals ->
    [0] Every control in scope has a planned test
    [one] One control in scope has no planned test
   *[other] { $proposals } controls in scope have no planned test
}; { $late ->
    [0] no milestone is overdue.
    [one] one milestone is overdue.
   *[other] { $late } milestones are overdue.
}
planning-save = Save
planning-saved = Saved.
planning-proposals = Proposed tests
planning-proposals-counted = Controls in force that serve a criterion in scope and have no planned test.
planning-proposals-none = Nothing is left to propose
planning-proposals-none-next = Every control in force that serves a criterion in scope has a planned test.
planning-risks-assessed = Risks assessed
planning-recorded = Hours recorded
planning-recorded-counted = Time that people recorded and did not withdraw, of the hours budgeted.
planning-open-tests = Proposed and planned tests
planning-open-risks = Risks of material misstatement
planning-by-series = Progress by series of criteria
planning-series = Series
planning-criteria = Criteria
planning-controls = Controls
planning-with-test = With a test
planning-concluded = Concluded
planning-deviations = Deviations
planning-budget = Budget, hours
planning-timeline = Timeline
planning-timeline-none = No timeline yet
planning-timeline-none-next = State when fieldwork begins and ends, when the report is dated and when the file is locked.
planning-milestone = Milestone
planning-due = Due
planning-status = Status
planning-done-at = Done on { $on }
planning-done-on = { $what }: done on
planning-overdue = Overdue
planning-to-come = To come
planning-milestone-planned = Plan approved
planning-milestone-fieldwork-begins = Fieldwork begins
planning-milestone-populations-frozen = Populations of the whole period frozen
planning-milestone-rolled-forward = Interim work rolled forward
planning-milestone-fieldwork-ends = Fieldwork ends
planning-milestone-quality-reviewed = Quality review done
planning-milestone-report-dated = Report dated
planning-milestone-file-locked = File locked
planning-do-timeline = Change the timeline
planning-do-budget = Change the budget
planning-do-understanding = Change the understanding
planning-do-materiality = Change the materiality considerations
planning-do-time = Record my time
planning-do-withdraw = Withdraw time that I recorded
planning-reason = Reason of the change
planning-reason-hint = Needed when something stated before is changed.
planning-understanding = Understanding of the system
planning-understanding-none = Nothing is stated yet
planning-understanding-none-next = State what you understand of the system, and from what, before risks are assessed.
planning-topic-services = Services, users and principal commitments
planning-topic-technology = Infrastructure, software and data
planning-topic-people = People and oversight
planning-topic-procedures = Procedures and monitoring
planning-topic-subservices = Subservice organisations
planning-topic-changes = Changes in the period
planning-topic-incidents = Incidents
planning-topic-risks = Where things could go wrong, fraud included
planning-materiality = Materiality
planning-materiality-none = Nothing is considered yet
planning-materiality-none-next = Materiality of a SOC 2 examination is qualitative: say what each factor means here.
planning-conclusion = What a user of the report would hold to be material
planning-policy = Policy
planning-factor-nature-and-cause = Nature and cause
planning-factor-duration = Duration
planning-factor-customer-effect = Customer data or an outage involved
planning-factor-compensation = Compensating controls
planning-factor-intent = Intentional or not
planning-factor-recurrence = Recurrence from the prior period
planning-factor-reliance = How users rely on it
planning-factor-concealment = Known to management and kept back
planning-times = Time recorded
planning-times-none = No time recorded
planning-times-none-next = Record your time by series of criteria, so that budget and work can be compared.
planning-time = Entry
planning-time-line = { $on }, { $area }, { $minutes } minutes: { $note }
planning-withdraw-reason = Why it is withdrawn
planning-on = Day
planning-person = Person
planning-area = Work
planning-hours = Hours
planning-minutes = Minutes
planning-note = What was done
planning-area-planning = Planning
planning-area-description = Description and assertion
planning-area-review = Review
planning-area-completion = Completion

## Risks

planning-risks-title = Where could the subject matter be materially misstated?
planning-risks-answer = { $assessed } of { $all } risks are assessed; { $high ->
    [0] none is high.
    [one] one is high.
   *[other] { $high } are high.
}
planning-about = About
planning-inherent = Inherent risk
planning-inherent-hint = How prone it is to misstatement before any control.
planning-control-risk = Control risk
planning-control-risk-hint = How likely the organisation's controls do not prevent or detect it.
planning-class = Risk class
planning-basis = What this rests on, and the response
planning-assessed-by = Assessed by
planning-not-assessed = Not assessed
planning-assess = Save the assessment
planning-together = Assess several risks alike
planning-which = Risks that nobody has assessed
planning-together-group = { $prong }: { $criteria }
planning-prong-description = Description
planning-prong-design = Design
planning-prong-operation = Operation
planning-risk-low = Low
planning-risk-normal = Normal
planning-risk-high = High

## Proposed tests

planning-tests = Tests
planning-tests-title = Which tests does the control matrix ask for?
planning-tests-answer = { $planned ->
    [0] No test is planned
    [one] One test is planned
   *[other] { $planned } tests are planned
}; { $proposed ->
    [0] no control in scope is left without one.
    [one] one more control in scope needs one.
   *[other] { $proposed } more controls in scope need one.
}
planning-default-table = The firm has approved no sampling policy that applies to this period. Sizes follow the table { $version } that ships with the product.
planning-control = Control
planning-statement = Statement
planning-test = Test
planning-procedure = Procedure
planning-basis-of-test = Basis
planning-size = Items to test
planning-size-expected = { $n } of { $of } expected
planning-size-open = { $n }; no population is frozen yet
planning-size-frozen = { $n } of { $of }
planning-size-hint = The firm's policy asks for { $n } of { $of }.
planning-size-reason = Why another number than the policy's
planning-size-reason-hint = Needed only if the number differs.
planning-size-title = How many items does { $code } take?
planning-size-fine = The size is what the firm's policy asks for, or fewer were approved.
planning-size-state = State the size
planning-size-save = Save the size
planning-size-by-policy = Items by the firm's policy
planning-size-stated = Stated by
planning-size-chosen = Items selected so far
planning-size-approved = Approved
planning-size-approve = Approve fewer items than the policy asks for
planning-size-enough = Why they are enough
planning-size-waits = Waits for an approval
planning-size-own = You stated this size. A manager or partner other than you approves it.
planning-table-row = { $row ->
    [0] { $policy }
   *[other] { $policy }, row { $row }
}
planning-extension = Planned extension
planning-extension-line = { $add } more, { $accept ->
    [0] no deviation
    [one] one deviation
   *[other] { $accept } deviations
} accepted in all ({ $policy })
planning-planned = Planned tests
planning-planned-none = No test is planned yet
planning-planned-none-next = Accept a proposal above, or plan a test on the page of its control.
planning-test-title = Test of { $code }
planning-why = Why it is proposed like this
planning-accept = Accept
planning-accepted = The test is planned.
planning-accept-or-edit = Accept as it is, or edit first
planning-a-level = Write a percentage such as 90%.
planning-history-understanding = Who stated the understanding, and when
planning-history-materiality = Who considered materiality, and when
planning-told-understanding = stated the understanding of the system
planning-told-materiality = considered materiality
