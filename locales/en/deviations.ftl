## Deviations, what points further, and the organisation's statement

deviations-title = What is known of the deviation in { $code }?
deviations-answer = Concluded to be: { $nature }.
deviations-answer-open = Its nature is softer than the markers propose and waits for a second person.
deviations-units = Items
deviations-system = System
deviations-person = Carried out by
deviations-design = The control as designed could not have prevented it
deviations-design-yes = yes
deviations-prior = In the period before
deviations-others = Other units that the cause could have reached, and what was found
deviations-anomaly = What proves that it is an anomaly and cannot recur
deviations-anomaly-hint = Only where an anomaly is claimed; then say above which other units were looked at.
deviations-impact = What it meant for customers
deviations-mitigating-control = Mitigating control
deviations-mitigating-hint = A control that found or lessened it succeeds by itself; it does not erase this deviation.
deviations-correction-hint = Putting it right is recorded beside the deviation and takes nothing away from the count.
deviations-corrected-on = Put right on
deviations-nature-reason = Why its nature is softer than the markers propose
deviations-nature-reason-hint = Needed only then; a second person who did not write in this record signs it.
deviations-became-known = What became known, and why the record changes
deviations-update = Record
deviations-saved = Recorded. What was known before stays in the log.
deviations-more = More became known
deviations-never = A deviation counts as found. It is not netted off against what went well, and neither a late act, another control, nor a later correction takes it away.
deviations-markers = What points to a systematic cause?
deviations-no-markers = Nothing that is computed: no shared cause, no concentration, no high rate, nothing from the period before, nothing in the design. A person concludes.
deviations-proposed = The markers propose: { $nature }. A person concludes.
deviations-softer-title = A second person has to sign
deviations-softer = The nature that is recorded is softer than the markers propose. It stands once its reason is recorded and a second person signs; until then the control cannot be concluded.
deviations-second-reason = Why you agree with the softer nature
deviations-seconded = The softer nature is signed by { $who } as second person.
deviations-extend = A systematic cause is followed through everything that it reaches, the whole month, system or class, not through more random items.
deviations-extend-button = Test the whole affected stratum
deviations-statement = What does the organisation say?
deviations-statements = Statements
deviations-released = Facts
deviations-released-hint = Exactly this text is released to the organisation. It sees nothing else of the file: no nature, no markers, no count.
deviations-due = Until
deviations-ask = Ask for a statement
deviations-asked = The facts are released, and the organisation is asked.
deviations-state = State
deviations-waits = Waits for an answer until { $due }
deviations-agrees = Agrees
deviations-disagrees = Does not agree
deviations-said = Statement
deviations-said-hint = As a report may print it: what happened from your side, in plain sentences.
deviations-by = Given by
deviations-heard = As noted by the firm
deviations-given = Given
deviations-list-title = Which statements does our auditor ask for?
deviations-list-title-firm = Which statements did we ask for?
deviations-list-answer = { $count ->
    [0] None waits for an answer.
    [one] One waits for an answer.
   *[other] { $count } wait for an answer.
}
deviations-none = No statement was asked for
deviations-none-next = When the auditor finds something on which you may speak, it stands here with the facts.
deviations-one-title = What do we say about { $code }?
deviations-agree = Do the facts agree with what you know?
deviations-we-agree = Yes, they agree
deviations-we-disagree = No, they do not
deviations-put-right = What was put right
deviations-give = Give the statement
deviations-given-saved = The statement is given. It can be given anew; the log keeps both.
