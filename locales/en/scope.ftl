nav-scope = Scope
nav-overview = Overview
nav-reporting = Report
nav-examination = Examination
nav-people = People
nav-cases = Cases
nav-channels = Channels
nav-evidence = Evidence
nav-requests = Requests
nav-statements = Statements
nav-populations = Populations
engagements = Engagements
engagement-question = Which engagements do we have?
engagement-answer = { $count ->
    [0] There is no engagement yet.
    [one] There is one engagement.
   *[other] There are { $count } engagements.
}
engagement-criteria-answer = { $count } criteria are in scope.
engagement-name = Name
engagement-name-hint = As people call it: “SOC 2 Type 2, first half of 2026”
engagement-system = System
engagement-type = Report
engagement-type-1 = Type 1: as of a date
engagement-type-2 = Type 2: throughout a period
engagement-period = Period
engagement-start = First day
engagement-end = Last day
engagement-end-hint = Included, to its last instant. For a Type 1 the same as the first day.
engagement-zone = Zone
engagement-zone-hint = The zone in which the days are counted, such as America/New_York
engagement-categories = Categories
engagement-categories-hint = Security belongs to every examination.
engagement-state = State
engagement-firm = Service auditor
engagement-no-firm = No firm is joined yet
engagement-preparation = In preparation
engagement-fieldwork = Fieldwork
engagement-issued = Issued
engagement-locked = File locked
engagements-none = No engagement yet
engagements-none-next = Open one: say which system, which categories and which period.
engagement-add = Open an engagement
engagement-new = What will be examined?
engagement-saved = The engagement is open.
system = System
system-question = What is the system made of?
system-answer = { $missing ->
    [0] All five kinds of component are named.
    [one] One of the five kinds of component is not named yet.
   *[other] { $missing } of the five kinds of component are not named yet.
}
component-kind = Kind
component-name = Name
component-purpose = What it is for
component-location = Where it is
component-infrastructure = Infrastructure
component-software = Software
component-people = People
component-procedures = Procedures
component-data = Data
component-none = Nothing named yet
component-none-next = Begin with the software that your customers use, then what it runs on.
component-add = Add a component
component-saved = The component is part of the description.
engagement-change = Change the scope
engagement-change-question = What is to be examined instead?
engagement-change-send = Change the scope
engagement-changed = The scope is changed. The service auditor sees the change and why.
engagement-reason = Why
engagement-reason-hint = The service auditor reads it: a scope that shrinks late needs a good reason.
engagement-stands = The report has been issued, so its scope stands
engagement-stands-next = Open the next engagement instead.
engagement-join-question = Which CPA firm examines this?
engagement-join-send = Join this firm
engagement-join-hint = Its people see the engagement from then on: scope, controls, requests and the evidence that you share. Nobody may be a person of both.
engagement-joined = The firm is joined.
engagement-joined-answer = { $firm } is joined.
engagement-joined-next = A change of auditor is a new engagement.
engagement-no-firms = No CPA firm is registered here yet
engagement-no-firms-next = Ask your administrator to register the firm, or the firm to have itself registered.
engagement-no-firm-next = The organisation joins one on the page of the engagement; then the firm can begin.
engagement-stage-question = Where does the engagement stand?
engagement-preparation-means = Scope, controls and evidence are being prepared. Everything can still change.
engagement-fieldwork-means = The service auditor works: populations are frozen, controls are tested. A change of scope gives its reason.
engagement-issued-means = The report has been issued. Its scope stands.
engagement-locked-means = The service auditor’s file is locked. What is added says when and why.
engagement-begins-by-firm = The service auditor’s partner or manager begins the fieldwork.
engagement-begin-fieldwork = Begin fieldwork
engagement-fieldwork-begun = Fieldwork has begun.
engagement-history = What happened
engagement-event-opened = opened the engagement
engagement-event-scoped = changed the scope
engagement-event-joined = made { $firm } the service auditor
engagement-event-moved = moved the engagement on: { $state }
engagement-event-system = described the system
others = Others
others-question = Who else has to do their part?
others-answer = { $subservices ->
    [0] No subservice organisation
    [one] One subservice organisation
   *[other] { $subservices } subservice organisations
}; { $users ->
    [0] no control is left to user entities.
    [one] one control is left to user entities.
   *[other] { $users } controls are left to user entities.
}
subservices = Subservice organisations
subservice-name = Name
subservice-service = What it does for the system
subservice-method = How it is presented
subservice-assumed = Controls assumed there
subservice-carve-out = Carved out
subservice-carve-out-means = Its controls are not in the description and are not examined. Name what is assumed of it.
subservice-inclusive = Inclusive
subservice-inclusive-means = Its controls are in the description and are examined; it gives an assertion of its own.
subservice-none = No subservice organisation
subservice-none-next = A vendor is one when its controls are needed, with yours, to keep your commitments.
subservice-add = Add a subservice organisation
subservice-saved = The subservice organisation is part of the description.
user-entities = User entities
user-entity-controls = Complementary user entity controls
user-entity-send = State the controls of user entities
user-entity-saved = The controls of user entities are stated.
assumed-hint = One a line: the criteria that are met only together with it, a colon, and what must be done. CC6.2: Remove the accounts of people who leave.
assumed-criteria = Criteria
assumed-what = What must be done
assumed-none = Nothing is left to user entities
assumed-none-next = State what your customers must do themselves for your commitments to be kept, and nothing that they need not.
