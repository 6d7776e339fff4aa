## Gaps: what is missing before a criterion is met

gaps-title = Gaps
gaps-question = What is missing before every criterion is met?
gaps-answer = { $open ->
    [0] No gap is open
    [one] One gap is open
   *[other] { $open } gaps are open
}; { $overdue ->
    [0] none is past its date.
    [one] one is past its date.
   *[other] { $overdue } are past their date.
}
gaps-one = What is missing for { $criterion }?
gaps-add = Open a gap
gaps-new = What is missing?
gaps-filter = Show
gaps-any = All
gaps-state = State
gaps-state-open = Open
gaps-state-overdue = Past its date
gaps-state-closed = Closed
gaps-finding = What is missing
gaps-criterion = Criterion
gaps-action = What is done
gaps-owner = Who does it
gaps-due = Until
gaps-status = Status
gaps-origin = Found in
gaps-outcome = How it was closed
gaps-nobody = Nobody yet
gaps-none = No gap
gaps-none-next = Open one for each criterion that no control serves, or that its controls do not serve yet. A case can open a gap too.
gaps-none-such = No gap of this kind
gaps-none-such-next = Drop a filter to see the others.
gaps-field-criterion = Which criterion is not met?
gaps-field-finding = What is missing?
gaps-field-finding-hint = What the criterion asks for and what there is instead. A control that exists and failed is a deficiency; open that under risks.
gaps-field-action = What will be done?
gaps-field-owner = Who does it?
gaps-field-due = Until which date?
gaps-field-reason = Why is it planned anew?
gaps-field-outcome = How was it closed, and what proves it?
gaps-field-outcome-hint = The control that is now in force, an item of the vault, a test: something that others can look at.
gaps-send-find = Open the gap
gaps-send-plan = Plan anew
gaps-send-close = Close the gap
gaps-do-plan = Plan anew
gaps-do-close = Close the gap
gaps-done-find = The gap is open.
gaps-done-plan = The plan is changed.
gaps-done-close = The gap is closed.
gaps-history = What happened
gaps-event-opened = The gap was opened
gaps-event-planned = It was planned anew
gaps-event-closed = The gap was closed
gaps-planned = { $who }, until { $due }.
