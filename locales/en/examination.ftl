## The examination: the firm's file

examination-room = Examination
examination-list-title = What waits in which examination?
examination-list-answer = { $count ->
    [0] No engagement has been joined yet.
    [one] In { $waiting } of one engagement something waits.
   *[other] In { $waiting } of { $count } engagements something waits.
}
examination-list-none = No engagement yet
examination-list-none-next = When an organisation joins your firm to its engagement, it appears here.
examination-engagement = Engagement
examination-period = Period
examination-waits = What waits
examination-waits-void = { $count ->
    [one] one conclusion is void
   *[other] { $count } conclusions are void
}
examination-waits-second = { $count ->
    [one] one conclusion awaits a second signature
   *[other] { $count } conclusions await a second signature
}
examination-waits-review = { $count ->
    [one] one result is not reviewed
   *[other] { $count } results are not reviewed
}
examination-waits-tests = { $count ->
    [one] one control has unfinished tests
   *[other] { $count } controls have unfinished tests
}
examination-waits-conclusions = { $count ->
    [one] one control is not concluded
   *[other] { $count } controls are not concluded
}
examination-n-of-n = { $n } of { $of }
examination-of-n = of { $of }

## One engagement

examination-title = How far is the examination?
examination-answer = { $concluded } of { $controls } controls are concluded and stand.
examination-tab-controls = Controls
examination-tab-populations = Populations
examination-tab-criteria = Criteria
examination-tab-opinion = Opinion
examination-tab-completion = Completion
examination-tab-file = The file
examination-control = Control
examination-statement = Statement
examination-tests = Tests
examination-test = Test
examination-deviations = Deviations
examination-deviations-counted = Deviations as recorded; one record may cover several items, and section IV of the report counts items. Deviations are never taken away.
examination-deviations-items = { $items ->
    [one] record or records, on one item
   *[other] records, on { $items } items
}
examination-conclusion = Conclusion
examination-concluded-controls = Controls concluded
examination-concluded-controls-counted = Controls in force whose conclusion is signed and rests on nothing that changed since.
examination-unreviewed = Results without review
examination-void-conclusions = Void conclusions
examination-next = Next step
examination-next-plan = Plan a test.
examination-next-conclude = Conclude.
examination-next-again = Something changed: conclude again.
examination-next-second = A second person signs.
examination-next-none = Nothing.
examination-no-controls = The organisation has no control in force
examination-no-controls-next = The compliance lead writes the controls down; then each can be tested.

## One control

examination-control-title = How was { $code } tested?
examination-control-answer = { $tests ->
    [0] No test is planned
    [one] One test
   *[other] { $tests } tests
}, { $deviations ->
    [0] no deviation.
    [one] one deviation.
   *[other] { $deviations } deviations.
}
examination-no-tests = No test is planned for this control
examination-no-tests-next = Say what is looked at, for what, and on what the conclusion will rest.
examination-plan-test = Plan a test
examination-plan-title = How will { $code } be tested?
examination-code = Code of the test
examination-procedure = Procedure
examination-procedure-inquiry = Inquiry
examination-procedure-observation = Observation
examination-procedure-inspection = Inspection
examination-procedure-reperformance = Reperformance
examination-basis = Basis
examination-basis-statistical = Statistical sample
examination-basis-judgemental = Judgemental sample
examination-basis-census = Every item (full population)
examination-basis-automated = One instance of an automated control
examination-evidence = What is looked at
examination-evidence-hint = As the report will say it: termination records and directory logs
examination-items = What one item is called, in the plural
examination-items-hint = For instance: terminated workers
examination-attributes = What must hold for every item
examination-attributes-hint = One per line, each ending the sentence “to determine whether …”. They become A, B, C …
examination-attribute = Attribute
examination-confidence = Confidence
examination-tolerable = Tolerable deviation rate
examination-statistical-only = For a statistical sample only, for instance 90% or 10%
examination-observation-dates = Dates of observation
examination-done = What was done
examination-result = Result
examination-population = Population
examination-population-hash = Population hash
examination-entries = Entries of the log
examination-sample = Sample
examination-items-n = { $count ->
    [one] one item
   *[other] { $count } items
}
examination-method = How items were chosen
examination-method-random = At random, by rank
examination-method-systematic = Systematically from a random start
examination-method-stratified = At random within strata
examination-method-haphazard = Haphazardly
examination-method-targeted = For stated reasons
examination-seed = Auditor’s seed
examination-seed-drawn = Seed drawn at
examination-effective-seed = Effective seed: SHA-256 of population hash and seed
examination-reason = Reason
examination-parameters = Parameters
examination-result-hash = SHA-256 of the whole result
examination-census-population = Items
examination-census-pass = Pass
examination-census-exceptions = Exceptions
examination-census-unmatched = Unmatched
examination-census-excluded = Excluded
examination-census-open = Not followed up

## Conclusions

examination-conclude = Conclude
examination-rules-propose = The rules propose: { $verdict }.
examination-design = Design
examination-design-suitable = Suitably designed
examination-design-deficient = Not suitably designed
examination-design-not-implemented = Not in place
examination-operation = Operation
examination-operation-effective = Effective
examination-operation-effective-with-deviations = Effective with deviations
examination-operation-ineffective = Not effective
examination-operation-not-operated = Did not operate: its occasion did not arise
examination-operation-unable = Could not be determined
examination-status-met = Met
examination-status-unknown = Unknown
examination-status-not-met = Not met
examination-proof = What proves that it had no occasion to operate
examination-proof-hint = Only for a control that did not operate, such as a complete population without rows.
examination-proposed = Proposed
examination-concluded = Concluded
examination-signed-by = Signed by
examination-second-signer = Second signature
examination-standing = Standing
examination-inputs = Digest of what it rests on
examination-not-concluded = Not concluded
examination-stands = Stands
examination-awaits-second = Awaits a second signature
examination-void = Void
examination-void-why = Something this conclusion rests on changed after it was signed. Look at what changed and conclude again; the signed conclusion stays in the log.
examination-void-rule = This conclusion was signed under an earlier version of the rule on what such a conclusion rests on (version { $then }; it is version { $now } today). Its digest cannot be made again, so it has to be signed once more, also where nothing else changed. The signed conclusion stays in the log.
examination-sign-second = Sign as second person
examination-second-reason = Why you agree with the more favourable conclusion
examination-saved-conclusion = The conclusion is recorded.
examination-saved-awaits = The conclusion is recorded. It is more favourable than the proposal and stands once a second person signs.
examination-saved-second = The second signature is recorded.
examination-second-not-needed = This conclusion waits for no second signature any more. Nothing was changed.
examination-saved-plan = The test is planned.

## Items

examination-sheet-title = Which items of { $code } are still open?
examination-sheet-answer = { $open ->
    [0] None of { $of }: every item has a result.
   *[other] { $open } of { $of } have no result yet.
}
examination-items-sheet = Items
examination-item = Item
examination-item-state = State
examination-item-tested = Tested
examination-item-unavailable = Evidence cannot be had (a deviation)
examination-item-replaced = Replaced: never belonged to the population
examination-item-pass = Pass
examination-item-deviation = Deviation
examination-item-open = Open
examination-record-result = Record result
examination-results = Results for { $letters }
examination-results-hint = One letter each, in order: P pass, D deviation, M missing evidence, N not applicable
examination-results-wrong = Type { $count ->
    [one] one letter: P, D, M or N.
   *[other] { $count } letters, each P, D, M or N.
}
examination-evidence-ids = Evidence
examination-evidence-ids-hint = Ids such as evd_01…, separated by spaces
examination-alternative = Other evidence that was accepted
examination-alternative-hint = For missing evidence only; without it, missing evidence is a deviation
examination-replacement = Reason for replacement
examination-replacement-void = Void
examination-replacement-duplicate = Duplicate
examination-replacement-out-of-scope = Out of scope
examination-replaced-by = Replaced by item
examination-note = Note
examination-tested-by = Tested by
examination-reviewed-by = Reviewed by
examination-review = Which results do you review?
examination-review-chosen = Record review
examination-saved-result = The result is recorded.
examination-saved-deviating = The result is recorded: a deviation. Record its facts, cause and nature.
examination-saved-review = The review is recorded.
examination-name-items = Name items
examination-name-items-title = Which items are tested for { $code }?
examination-named = Items
examination-named-hint = One per line
examination-saved-sample = The sample is recorded.

## Rows of a full-population run

examination-census-title = Which items of { $code } did not pass?
examination-census-answer = { $exceptions } exceptions and { $unmatched } unmatched rows are not followed up yet.
examination-rows = Rows
examination-row = Row
examination-outcome = Outcome
examination-outcome-exception = Exception
examination-outcome-unmatched = Unmatched
examination-found = What was found
examination-disposition = Decision
examination-disposition-deviation = Deviation
examination-disposition-not-a-deviation = Not a deviation of the control
examination-disposition-not-in-population = Never belonged to the population
examination-disposition-other-evidence = Other evidence accepted; stays unmatched
examination-disposition-undetermined = Cannot be found out; counts like a deviation
examination-open = Open
examination-judge-rows = Record decision
examination-keys = Rows
examination-keys-hint = One key per line; leave empty for every open row
examination-saved-rows = The decision is recorded.

## Deviations

examination-record-deviation = Record a deviation
examination-deviation-title = What went wrong in { $code }?
examination-found-in = Found in
examination-what-happened = What happened
examination-from = First day
examination-to = Last day
examination-from-to = From – to
examination-cause = Cause
examination-nature = Nature
examination-nature-isolated = Isolated
examination-nature-systematic = Systematic
examination-nature-intentional = Intentional
examination-undisclosed = Management knew of it and kept it back
examination-mitigating = Mitigating control
examination-client-statement = Statement of the organisation
examination-correction = Correction
examination-saved-deviation = The deviation is recorded.

## Criteria

examination-criteria-title = Which criteria are met?
examination-criteria-answer = { $met } of { $of } criteria are proposed as met.
examination-criterion = Criterion

## Opinion

examination-opinion-title = Which opinion follows from the record?
examination-unfinished = The work is not finished
examination-unfinished-why = { $controls ->
    [0] Every control is concluded
    [one] One control has no conclusion that stands
   *[other] { $controls } controls have no conclusion that stands
}, { $criteria ->
    [0] and every criterion is.
    [one] and one criterion has none.
   *[other] and { $criteria } criteria have none.
} No opinion is proposed before the work is done. What is shown here rests on what is concluded so far.
examination-opinion-answer = Proposed: { $opinion }. A licensed person concludes.
examination-opinion-so-far = No opinion is proposed yet. On what is concluded so far it would be: { $opinion }.
examination-monitoring-at-description = Which control watches over each subservice organisation is said in DC 7 of the description; read there that there is one, and test it.
examination-documents-at-completion = Whether management’s assertion and letter of representations are there, signed and dated, is checked on the page of completion.
examination-opinion = Opinion
examination-opinion-unmodified = Unmodified
examination-opinion-qualified = Qualified
examination-opinion-adverse = Adverse
examination-opinion-disclaimer = Disclaimer
examination-opinion-withdraw = Withdraw from the engagement
examination-prongs = The parts of the opinion
examination-prong = Part
examination-prong-description = Description
examination-prong-design = Design
examination-prong-operation = Operating effectiveness
examination-criteria-not-met = Criteria not met or unknown
examination-reasons = Reasons
examination-matters = Points for the auditor
examination-no-proposal = No opinion can be proposed yet
examination-conclude-opinion = Conclude the opinion

## Populations

examination-populations-title = Which populations are frozen?
examination-populations-answer = { $count ->
    [0] None yet.
    [one] One population, { $judged } judged complete and accurate or not.
   *[other] { $count } populations, { $judged } of them judged.
}
examination-no-populations = No population is frozen
examination-no-populations-next = Freeze the complete list of what a control should have acted on. Both sides see its hash and its number of rows.
examination-freeze = Freeze a population
examination-population-name = Name
examination-schema = What the columns mean
examination-schema-hint = The text of a SCHEMA.toml
examination-source = Source
examination-source-hint = System, query and parameters, and who made the export
examination-accepted-open = Accepted, and open again
examination-covers-from = Covers from
examination-covers-hint = For a list of occurrences: the first and the last day it holds, { $from } and { $to } for the whole period. It can be frozen once the last day is over.
examination-covers-to = Covers to
examination-covers-both = Give both days, or neither where the schema says its own.
examination-covers = Covers
examination-covers-days = { $from } to { $to }
examination-left-out = Days of the period it leaves out
examination-left-out-title = This list does not cover the whole period
examination-left-out-why = It leaves out { $days }. No control is said to have operated throughout the period by this list alone: freeze the remaining days too, or state the stretches of a control that changed.
examination-leaves-out = leaves out { $days }
examination-uncovered = The lists do not cover every day
examination-uncovered-why = That the control operated is not concluded for days of which no occurrence was looked at. What is open below names them.
examination-draw-early = Not every list has been through its checks
examination-draw-early-why = A sample can be drawn from such a list, and the workpaper will say that it was. No conclusion rests on it before its completeness and accuracy are evaluated, and a corrected list needs a new sample.
examination-draw-open = { $count ->
    [one] one check or judgement is open
   *[other] { $count } checks are open
}
examination-drawn-early = Drawn before the checks of its list were done
examination-drawn-early-why = When these items were drawn from { $name }, this was open:
examination-drawn-early-checks = Completeness and accuracy of the list
examination-kind = Kind
examination-kind-events = event population
examination-kind-capture = configuration capture
examination-zone = Zone
examination-origin = Where the rows came from
examination-origin-organisation = A file that the organisation gave; it sees the hash
examination-origin-evidence = The organisation’s evidence; it sees the hash
examination-origin-register = The organisation’s case register; it sees the hash
examination-origin-firm = Obtained by the firm elsewhere; the organisation is not told
examination-supplied-by = Where the file comes from
examination-supplied-organisation = The organisation supplied it
examination-supplied-firm = The firm obtained it elsewhere
examination-supplied-hint = The organisation is shown name, rows and hash of what it supplied, and of nothing else
examination-supplied-needed = Say whether the organisation supplied the file.
examination-speaks-for = Date it speaks for
examination-speaks-for-hint = For a configuration capture: the date on which things stood as it shows, 2026-06-30 or 2026-06; not after the period
examination-file = File
examination-file-hint = CSV, XLSX, JSON, NDJSON or Parquet; at most { $most }. Larger ones are frozen at the command line.
examination-frozen-at = Frozen
examination-judgement = Complete and accurate
examination-not-judged = Not judged
examination-accepted = Accepted
examination-rejected = Not accepted
examination-judge = Judge completeness and accuracy
examination-judge-reason = What was done to find out
examination-population-title = What is in { $name }?
examination-population-answer = { $rows ->
    [0] No row.
    [one] One row.
   *[other] { $rows } rows.
}
examination-schema-hash = Digest of what the columns mean
examination-key = Key
examination-checks = Checks on completeness and accuracy
examination-check = Number
examination-check-name = Check
examination-columns = Columns
examination-column = Column
examination-column-type = Type
examination-column-nulls = Empty
examination-column-distinct = Different values
examination-column-min = Smallest
examination-column-max = Largest
examination-saved-population = The population is frozen.
examination-saved-judgement = The judgement is recorded.

## Samples by seed, full-population runs

examination-draw = Draw a sample
examination-draw-title = Which items are drawn for { $code }?
examination-size = How many items
examination-strata-column = Column of the strata
examination-strata-column-hint = For a stratified sample only
examination-size-hint = The seed is drawn by the system, after the population was frozen, and kept with the sample. Drawing again from the same rows uses the same seed: a larger sample only adds.
examination-seed-source = Seed given by a person, from
examination-run = Run over every item
examination-run-title = Which test is run over every item for { $code }?
examination-library = Test of the library
examination-library-none = Choose a test of the library, or give a test file.
examination-test-file = Test file
examination-test-file-hint = The text of a TEST.toml, instead of a test of the library
examination-own-test = Own test file
examination-bindings-hint = One per line: the name the test uses = the population’s name
examination-parameters-hint = One per line: name = value
examination-no-such-population = There is no frozen population { $name }.
examination-saved-run = The run is recorded. Follow up the rows that did not pass.

## A run of items

examination-method-block = Every item of a stated run
examination-strata-minimum = Least items per stratum
examination-strata-minimum-hint = Left empty, shares follow the strata’s sizes alone. With a minimum they are not proportional, and the results are not pooled for an upper limit.
examination-block-take = Take a run of items
examination-block-title = Which run of items is tested for { $code }?
examination-block-column = Column
examination-block-column-hint = By whose values the run is chosen: a date, a system, a class.
examination-block-from = First value
examination-block-from-hint = Such as 2026-03-02, or the name of a system
examination-block-to = Last value, if it is another
examination-block-run = Run
examination-block-of = The whole stratum that this cause reaches: { $cause }

## One criterion

criterion-title = Is { $criterion } met?
criterion-answer = { $failures ->
    [0] Nothing failed under it.
    [one] One failure, { $open ->
        [0] made up for by another control.
       *[other] not made up for.
    }
   *[other] { $failures } failures, { $open ->
        [0] all made up for by other controls.
       *[other] { $open } of them not made up for.
    }
}
criterion-answer-proposed = { " " }The rules propose: { $status }.{ " " }
criterion-controls = Controls mapped to it
criterion-no-control = No control serves this criterion
criterion-no-control-next = Without a control, a complementary control or a control of a subservice organisation it is not met.
criterion-failures = What failed
criterion-failed-in = What was wrong
criterion-whole-period = The whole period, or not known
criterion-made-up = Made up for
criterion-made-up-yes = Yes, by an admissible control
criterion-made-up-no = No
criterion-nothing-failed = No control mapped to this criterion failed, so nothing has to be made up for.
criterion-compensation = Compensating controls
criterion-compensation-rule = A control makes up for another only where it is in the description of this engagement’s system, mapped to this criterion, tested, and effective over the very days of the failure, and where the auditor agrees that it gives the same outcome. If one of those proposed is not admissible, the failure is not made up for.
criterion-proposed-control = Control
criterion-for = In place of
criterion-described = In the description
criterion-mapped = Mapped
criterion-tested = Tested
criterion-both-days = Tested over { $tested }; the failure is of { $failed }
criterion-same-days = Tested and effective over the same days
criterion-admissible = Admissible
criterion-yes = Yes
criterion-no = No
criterion-admissible-yes = Proposed and admissible
criterion-admissible-no = Not admissible: { $why }
criterion-could-be = Could be proposed
criterion-no-candidate = No other control is mapped to this criterion
criterion-no-candidate-next = Nothing can make up for what failed.
criterion-propose = Propose compensating controls
criterion-codes = Codes of the compensating controls
criterion-codes-hint = Separated by commas, for instance IAM-07. Left empty, the proposal is taken back.
criterion-agrees = Do they give the same outcome?
criterion-agrees-yes = Yes, I agree that they do
criterion-agrees-no = No: considered and not accepted
criterion-saved = What makes up for the failure is recorded. A conclusion on this criterion that was signed before has to be signed again, and the opinion with it.
criterion-offered = Proposed in its place
criterion-stated-by = Stated by
criterion-by = { $who }, { $at }
criterion-materiality = Materiality
criterion-is-material = The failure counts as material.
criterion-not-material = The failure counts as not material: it is reported among the results and does not modify the opinion.
criterion-planned = Planning holds to be material here: { $conclusion }
criterion-planned-none = Planning states no materiality considerations yet.
criterion-planned-link = Materiality in the plan
criterion-factors = Factors weighed
criterion-judged = Is the failure material to users of the report?
criterion-material-yes = Material
criterion-material-pervasive = Material, and pervasive by itself
criterion-material-no = Not material
criterion-material-rule = It is cleared only where every principal commitment that rests on the criterion was achieved with reasonable assurance all the same, and once a second person has signed.
criterion-judge = Judge materiality
criterion-judged-saved = How material the failure is, is recorded. A conclusion on this criterion that was signed before has to be signed again, and the opinion with it.
criterion-judged-awaits = Your judgement is recorded. The failure counts as material until a second person has signed that it is not. A conclusion on this criterion that was signed before has to be signed again, and the opinion with it.
criterion-materiality-awaits-why = Somebody judged that this failure is not material. It counts as material until another person has signed.
criterion-second-why = Why the second person agrees
criterion-second-saved = The second signature is recorded: the failure counts as not material. An opinion that was signed before has to be signed again.

## A locked file

examination-changed-since = The organisation changed this control after the file was locked
examination-changed-since-why = This file keeps the control as it was described and tested, and its conclusion stands. The change belongs to the next period.
examination-collected = { $name } (recorded by collector)
examination-refused = What management refused
examination-refused-assertion = It refuses to give a written assertion
examination-refused-letter = It refuses the representation letter, or representations without which there is no examination
examination-refused-letter-hint = Without them the scope of the whole examination is limited, and no opinion is given.
examination-refused-amendment = It refuses to amend its assertion for what was found: what it said
examination-refused-amendment-hint = The report says then that the assertion does not state these matters.
examination-refused-reason = How this is known
examination-refused-save = State it
examination-refused-saved = Stated.
