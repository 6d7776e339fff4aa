overview-question = What waits for us?
overview-answer = { $count ->
    [0] No request waits for us.
    [one] One request waits for us.
   *[other] { $count } requests wait for us.
}
overview-engagements = Engagements
overview-requests = Requests waiting
overview-requests-definition = Requests of all engagements whose next step is ours: open, in progress or returned for the organisation; submitted for the firm.
overview-cases = Open cases
overview-cases-definition = Cases that are neither closed nor withdrawn.
overview-controls = Controls in force
overview-requests-none = No request waits for you.
overview-cases-none = No case is open.
overview-case = Number
overview-case-title = Title
overview-case-reported = Reported
search-question = What did we find?
search-answer = { $count ->
    [0] Nothing with this text.
    [one] One record has this text.
   *[other] { $count } records have this text.
}
search-hits = Found
search-kind = Room
search-name = Name
search-text = Text
search-none = Nothing found
search-none-next = Try a code, a tracking number or a word of the statement.
glossary-question = What do the terms mean?
glossary-answer = The profession's terms as this product uses them.
glossary-deviation = Deviation
glossary-deviation-text = One tested item that did not do what the control says. Deviations are always printed in the report, also under a clean opinion.
glossary-exception = Exception
glossary-exception-text = A deviation as it is written in the results of tests.
glossary-deficiency = Deficiency
glossary-deficiency-text = A control that is badly designed or does not operate well enough.
glossary-criterion = Criterion
glossary-criterion-text = An outcome that controls must reach; there are 61 in five categories.
glossary-point-of-focus = Point of focus
glossary-point-of-focus-text = Optional guidance on a criterion; not a requirement.
glossary-control = Control
glossary-control-text = What the organisation does so that criteria are met.
glossary-population = Population
glossary-population-text = All occurrences of a control in its span, shown to be complete and accurate before anything is drawn from it.
glossary-sample = Sample
glossary-sample-text = Items drawn from a frozen population by a rule that anybody can derive again.
glossary-attribute = Attribute
glossary-attribute-text = A yes-or-no fact that an item must show for the control to have operated.
glossary-workpaper = Workpaper
glossary-workpaper-text = The auditor's record of what was done, found and concluded. The firm's alone.
glossary-subservice = Subservice organisation
glossary-subservice-text = A vendor whose controls are needed, with the organisation's own, to keep its commitments.
glossary-cuec = Complementary user entity control (CUEC)
glossary-cuec-text = A control that the customer must run for the criteria to be met.
glossary-csoc = Complementary subservice organisation control (CSOC)
glossary-csoc-text = A control that a carved-out subservice organisation must run.
glossary-opinion = Opinion
glossary-opinion-text = What the auditor concludes: unmodified, qualified, adverse or disclaimed.
glossary-commitment = Service commitment
glossary-commitment-text = A declaration to the users of the system: in a contract, an agreement on service levels, a public statement.
glossary-requirement = System requirement
glossary-requirement-text = How the system must function for commitments to be kept.
overview-answer-owed = { $count ->
    [one] One thing more waits that the auditor asked for.
   *[other] { $count } things more wait that the auditor asked for.
}
overview-owed = What else the auditor waits for
overview-owed-what = What
overview-owed-about = About
overview-owed-due = Until or on
overview-owed-statement = A statement on facts of a deviation
overview-owed-letter = The letter on deficiencies to acknowledge
overview-owed-appointment = An appointment to answer
