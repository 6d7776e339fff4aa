## Risks and deficiencies

risks-title = Risks and deficiencies
risks-question = What could go wrong, and which controls failed?
risks-answer = { $high ->
    [0] No risk is high
    [one] One risk is high
   *[other] { $high } risks are high
}; { $open ->
    [0] no deficiency is open.
    [one] one deficiency is open.
   *[other] { $open } deficiencies are open.
}
risks-one-answer = Likelihood { $likelihood } of 5, impact { $impact } of 5.
risks-deficiency = What did the control not do?
risks-add = Add a risk
risks-open-deficiency = Open a deficiency
risks-new-risk = What could go wrong?
risks-new-deficiency = Which control failed?
risks-heading-risks = Risks
risks-heading-deficiencies = Deficiencies
risks-heading-gaps = Gaps: controls that are missing
risks-none-risks = No risk yet
risks-none-risks-next = Write down what could keep the objectives from being met. A case can open a risk too.
risks-none-deficiencies = No deficiency
risks-none-deficiencies-next = A confirmed failure of a control is opened here, or from the case that showed it.
risks-none-gaps = No gap
risks-none-gaps-next = A control that is missing is opened here from the case that showed it.
risks-risk = Risk
risks-level = Level
risks-level-low = Low
risks-level-medium = Medium
risks-level-high = High
risks-treatment = Treatment
risks-treatment-mitigate = Controls make it smaller
risks-treatment-transfer = Somebody else carries it
risks-treatment-avoid = What causes it is not done
risks-treatment-accept = It is borne, knowingly
risks-owner = Who answers for it
risks-review-on = Looked at next
risks-origin = Came from
risks-controls = Controls
risks-control = Control
risks-criterion = Criterion
risks-finding = What was found
risks-action = What was done
risks-evidence = What shows it
risks-due = By
risks-status = Status
risks-at-fault = At fault
risks-design = Its design
risks-operation = Its operation
risks-gravity = How grave
risks-gravity-minor = Minor: it failed once, and others caught it
risks-gravity-significant = Significant: it does not do what it is for, in part or for a time
risks-gravity-severe = Severe: a criterion or a commitment was not met because of it
risks-leadership = Told to the leadership
risks-told-to = { $to }, on { $on }
risks-open = Open
risks-told = Told; being mended
risks-mended = Mended
risks-closed = Closed
risks-nobody = Nobody yet
risks-saved = It is recorded.
risks-do-change = Change it
risks-do-close = It is no longer watched
risks-do-told = Record to whom in the leadership it was told
risks-do-mended = It is mended
risks-send-risk = Add the risk
risks-send-deficiency = Open the deficiency
risks-send-change = Record the change
risks-send-close = No longer watch it
risks-send-told = Record it
risks-send-mended = Close the deficiency
risks-field-title = What could happen, in a few words?
risks-field-description = To which objective, by what, with which effect?
risks-field-likelihood = How likely is it?
risks-likelihood-1 = 1: hardly
risks-likelihood-2 = 2: once in several years
risks-likelihood-3 = 3: once a year
risks-likelihood-4 = 4: several times a year
risks-likelihood-5 = 5: almost certain
risks-field-impact = How grave would it be?
risks-impact-1 = 1: nobody notices
risks-impact-2 = 2: some work is hindered
risks-impact-3 = 3: an important function fails for some
risks-impact-4 = 4: a commitment is missed
risks-impact-5 = 5: a commitment to many is missed, or data is exposed
risks-field-treatment = What is done about it?
risks-field-owner = Who answers for it?
risks-field-controls = Controls that make it smaller
risks-field-controls-hint = Their codes, separated by commas, such as IAM-05.
risks-field-review-on = When is it looked at next?
risks-field-reason = Why?
risks-field-control = Which control?
risks-field-control-hint = Its code, such as IAM-05.
risks-field-finding = What did it not do?
risks-field-at-fault = What is at fault?
risks-field-gravity = How grave is it?
risks-field-due = Until which date is it mended?
risks-field-to = To whom?
risks-field-to-hint = Those who take corrective action, and the leadership: names or bodies.
risks-field-on = On which date?
risks-field-action = What was done?
risks-field-evidence = What shows that it was done and works?
risks-field-evidence-hint = An item of the vault, a case, a test: something that others can look at.
