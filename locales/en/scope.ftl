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
