nav-controls = Controls
controls-title = Controls
controls-question = Which controls do we run, and who answers for each?
controls-answer = { $count ->
    [one] One control is in force
   *[other] { $count } controls are in force
}; { $uncovered ->
    [0] each common criterion is served by at least one.
    [one] one common criterion is served by none.
   *[other] { $uncovered } common criteria are served by none.
}
controls-code = Code
controls-statement = Control
controls-statement-hint = What is done, how, by whom, when and where. It will be tested literally: give numbers, not “timely”.
controls-frequency = Frequency
controls-owner = Who answers for it
controls-owner-role = Role that answers for it
controls-criteria = Criteria
controls-criterion = Criterion
controls-outcome = Outcome
controls-status = Status
controls-type = Type
controls-nature = Nature
controls-retired = Retired
controls-nobody = Nobody yet
controls-in-force = In force
controls-covered = Covered
controls-partial = Nobody answers for it
controls-gap = Gap
controls-coverage = Coverage
controls-coverage-question = Which criteria does no control serve?
controls-coverage-answer = { $count ->
    [0] Every criterion is served by at least one control.
    [one] One criterion is served by no control.
   *[other] { $count } criteria are served by no control.
}
controls-none = No control yet
controls-none-next = Start from the catalogue: add the controls that you already run, in your own words.
controls-add = Add a control
controls-new = Which control is added?
controls-saved = The control is in force.
controls-wording = About the wording
