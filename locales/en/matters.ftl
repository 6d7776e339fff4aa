matters-title = What bears on the opinion beyond controls and criteria?
matters-answer = { $count ->
    [0] Nothing is stated
    [one] One statement
   *[other] { $count } statements
  }{ $open ->
    [0] .
    [one] , one of them waits for a second signature.
   *[other] , { $open } of them wait for a second signature.
  }
matters-link = Misstatements, limits on the scope, criteria that are not relevant
matters-awaiting = Waits for a second signature
matters-awaiting-what = Somebody judged that these are not material. Each counts as material until another person has signed.
matters-signed = Not material, signed by two people
matters-misstatements = Misstatements of the description
matters-misstatements-none = No misstatement of the description is stated.
matters-misstatements-next = State one where the description says what is not so, leaves out what a description criterion asks for, or misleads.
matters-misstatement-state = State or change a misstatement
matters-limits = Limits on the scope
matters-limits-none = No limit on the scope is stated.
matters-limits-next = State one where evidence could not be had. Work that is not done yet is none.
matters-limit-state = State or change a limit
matters-what = What is stated
matters-cause = Why it could not be examined
matters-cause-beyond-control = Beyond anybody's control
matters-cause-nature-or-timing = Nature or timing of the work
matters-cause-management = Management did not allow it
matters-touches = Touches
matters-prongs = Parts of the opinion that it touches
matters-prongs-hint = Without a choice: operating effectiveness, or design in a type 1 examination.
matters-criteria = Criteria that it touches
matters-criteria-hint = Such as CC6.2, CC6.3. Without one it touches the whole part.
matters-pervasive = Its possible effects are pervasive
matters-other = Other evidence that made up for it
matters-other-hint = Where it is, and why it is enough. The limit is lifted then.
matters-withdrawn = Take it back: there is no such limit
matters-weight = Weight
matters-counts = Counts as material
matters-awaits = Counts until a second person has signed
matters-not-material = Not material
matters-corrected = Corrected before the issue
matters-lifted = Lifted by other evidence
matters-with-criteria = Weighed with its criteria
matters-is-not-material = It is not material to users of the report
matters-is-not-material-hint = It counts as material all the same until a second person has signed.
matters-material-reason = Why it is not material
matters-left-out = Criteria that are not relevant
matters-left-out-none = Every criterion of the chosen categories is examined.
matters-left-out-next = A criterion is left out only for a reason that the description gives (DC 8) and that the firm agrees with.
matters-leave-out-state = Leave a criterion out, or take that back
matters-given = The reason that the description gives
matters-given-hint = Leave it empty to examine the criterion after all.
matters-left-out-why = Why you agree, or no longer do
matters-unreliable = The evidence as such
matters-unreliable-is = The evidence as such cannot be relied on
matters-unreliable-none = Nobody states that the evidence as such cannot be relied on.
matters-unreliable-state = State that the evidence cannot be relied on
matters-unreliable-why = Why it cannot be relied on
matters-unreliable-hint = The partner states it. It limits the whole examination. Leave it empty to take it back.
